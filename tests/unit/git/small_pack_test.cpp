// What small_pack() sends is unpacked by git, next to nothing but what the other side has.
#include "git/small_pack.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

using test::TemporaryFolder;
using test::TempRepo;
using Tips = std::vector<std::string>;

std::vector<Oid> oids(const Tips& tips) {
  std::vector<Oid> result;
  for (const std::string& tip : tips) result.push_back(Oid::from_hex(tip).value());
  return result;
}

struct Fixture {
  const Library library;
  const TempRepo repo;
  const std::string first = repo.commit("a/b/c.txt", "1\n");

  [[nodiscard]] std::optional<SmallPack> pack(const Tips& wanted, const Tips& there) const {
    return small_pack(Repository::open(repo.path()).value(), oids(wanted), oids(there));
  }

  /// Whether a repository that has only what `there` lead to has all of `wanted` once it got the pack.
  [[nodiscard]] bool makes_whole(const SmallPack& pack, const Tips& wanted, const Tips& there) const {
    const TemporaryFolder folder;
    const std::string other = folder.path() / "other.git";
    repo.git({"init", "--quiet", "--bare", other});
    Tips push = {"push", "--quiet", other};
    for (const std::string& tip : there) push.push_back(tip + ":refs/heads/" + tip);
    if (!there.empty()) repo.git(push);
    const std::string file = folder.path() / "pack";
    std::ofstream(file) << pack.bytes;
    // It must stand for itself: without --fix-thin, no base of a delta is looked for elsewhere.
    repo.git({"--git-dir", other, "index-pack", "--strict", "-o", other + "/objects/pack/pack-1.idx", file});
    std::filesystem::copy_file(file, other + "/objects/pack/pack-1.pack");
    for (const std::string& tip : wanted) repo.git({"--git-dir", other, "update-ref", "refs/heads/" + tip, tip});
    return repo.git({"--git-dir", other, "fsck", "--full", "--strict"}).empty();
  }

  [[nodiscard]] std::size_t objects(const std::string& range) const {
    const std::string listed = repo.git({"rev-list", "--objects", range});
    return static_cast<std::size_t>(std::ranges::count(listed, '\n')) + 1;
  }

  /// The pack has what git would send, and no more.
  void check(const Tips& wanted, const Tips& there, std::size_t expected) const {
    const auto made = pack(wanted, there);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->objects == expected);
    BOOST_TEST(makes_whole(*made, wanted, there));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(small_pack_of, Fixture)

BOOST_AUTO_TEST_CASE(a_commit_is_the_commit_and_what_it_changed) {
  repo.commit("other/d.txt", "untouched\n");
  const std::string before = repo.commit("a/e.txt", "untouched\n");
  const std::string after = repo.commit("a/b/c.txt", "2\n");
  check({after}, {before}, 5);  // the commit, three folders, a file
}

BOOST_AUTO_TEST_CASE(a_history_from_its_beginning_is_all_of_it) {
  const std::string second = repo.commit("f.txt", "1\n");
  check({second}, {}, objects(second));
}

BOOST_AUTO_TEST_CASE(a_merge_brings_both_sides) {
  repo.git({"switch", "--quiet", "--create", "topic"});
  const std::string topic = repo.commit("topic.txt", "topic\n");
  repo.git({"switch", "--quiet", "main"});
  const std::string main = repo.commit("main.txt", "main\n");
  repo.git({"merge", "--quiet", "--no-edit", "topic"});
  const std::string merge = repo.git({"rev-parse", "HEAD"});
  check({merge}, {first}, objects(first + ".." + merge));
  check({merge}, {main, topic}, 2);
  check({merge, topic}, {first}, objects(first + ".." + merge));
}

BOOST_AUTO_TEST_CASE(what_became_a_folder_a_link_or_a_submodule_comes_along) {
  repo.commit("x", "a file\n");
  const std::string before = repo.commit("y/z", "a folder\n");
  repo.git({"rm", "--quiet", "-r", "x", "y"});
  repo.write("x/inside", "a folder now\n");
  std::filesystem::create_symlink("x/inside", repo.path() / "link");
  repo.git({"add", "x", "link"});
  repo.git({"update-index", "--add", "--cacheinfo", "160000," + first + ",module"});
  const std::string after = repo.commit("y", "a file now\n");
  check({after}, {before}, 6);
}

BOOST_AUTO_TEST_CASE(a_file_that_has_the_id_of_the_submodule_before_it_comes_along) {
  repo.write("file", "a file\n");
  const std::string file = repo.git({"hash-object", "-w", "file"});
  const auto commit_as = [&](const std::string& mode) {
    repo.git({"update-index", "--add", "--cacheinfo", mode + "," + file + ",x"});
    repo.git({"commit", "--quiet", "--message", mode});
    return repo.git({"rev-parse", "HEAD"});
  };
  const std::string before = commit_as("160000");
  check({commit_as("100644")}, {before}, 3);  // the commit, its tree, the file
}

BOOST_AUTO_TEST_CASE(a_commit_that_only_takes_away_needs_no_file) {
  const std::string before = repo.commit("gone.txt", "gone\n");
  repo.git({"rm", "--quiet", "gone.txt"});
  repo.git({"commit", "--quiet", "--message", "gone"});
  check({repo.git({"rev-parse", "HEAD"})}, {before}, 2);  // the commit, its tree
}

BOOST_AUTO_TEST_CASE(nothing_where_there_is_nothing_to_send) {
  BOOST_TEST(!pack({first}, {first}));
}

BOOST_AUTO_TEST_CASE(nothing_where_it_is_much) {
  const std::string large = repo.commit("large", std::string(40'000, 'x'));
  BOOST_TEST(!pack({large}, {first}));
  for (int i = 0; i < 70; ++i) repo.write(fmt::format("many/{}", i), fmt::format("{}\n", i));
  repo.git({"add", "many"});
  const std::string many = repo.commit("last", "last\n");
  BOOST_TEST(!pack({many}, {large}));
  std::string tip;
  for (int i = 0; i < 17; ++i) tip = repo.commit("long.txt", fmt::format("{}\n", i));
  BOOST_TEST(!pack({tip}, {many}));
  BOOST_TEST(pack({tip}, {repo.git({"rev-parse", "HEAD~1"})}).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_where_it_would_have_to_look_far_for_what_is_there) {
  std::string tip;
  for (int i = 0; i < 20; ++i) tip = repo.commit("main.txt", fmt::format("{}\n", i));
  repo.git({"switch", "--quiet", "--create", "topic", "HEAD~2"});
  BOOST_TEST(!pack({repo.commit("topic.txt", "1\n")}, {tip}));
}

BOOST_AUTO_TEST_CASE(nothing_of_what_is_no_commit_or_lacks_here) {
  repo.git({"tag", "--annotate", "--message", "tag", "v1"});
  BOOST_TEST(!pack({repo.git({"rev-parse", "v1"})}, {}));
  const std::string second = repo.commit("a/b/c.txt", "2\n");
  const std::string blob = repo.git({"rev-parse", second + ":a/b/c.txt"});
  std::filesystem::remove(repo.git_folder() / "objects" / blob.substr(0, 2) / blob.substr(2));
  BOOST_TEST(!pack({second}, {first}));
}

BOOST_AUTO_TEST_CASE(nothing_of_a_commit_that_only_git_can_read_or_of_one_on_top_of_it) {
  const std::string commit = repo.git({"cat-file", "commit", first});
  const std::string without_author =
      commit.substr(0, commit.find("author")) + commit.substr(commit.find("committer")) + "\n";
  repo.write(".git/odd", without_author);
  const std::string odd = repo.git({"hash-object", "-t", "commit", "-w", "--literally", ".git/odd"});
  BOOST_TEST(!pack({odd}, {}));
  repo.git({"reset", "--quiet", "--hard", odd});
  BOOST_TEST(!pack({repo.commit("on_top.txt", "1\n")}, {odd}));
}

BOOST_AUTO_TEST_CASE(makes_whole_what_has_grown_by_chance) {
  std::mt19937 dice(1);  // the same each time
  const auto below = [&](std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(dice); };
  Tips commits = {first};
  std::size_t made = 0;
  for (int round = 0; round < 40; ++round) {
    repo.git({"checkout", "--quiet", "--detach", commits[below(commits.size())]});
    if (below(4) == 0) {
      repo.git({"merge", "--quiet", "--no-edit", "--strategy", "ours", commits[below(commits.size())]});
    }
    const std::string file = fmt::format("{}/{}/{}", below(2), below(2), below(3));
    commits.push_back(repo.commit(file, fmt::format("{}\n", below(4) + 4 * static_cast<std::size_t>(round % 3))));
    Tips there;
    for (std::size_t i = below(3); i > 0; --i) there.push_back(commits[below(commits.size())]);
    there.erase(std::unique(there.begin(), there.end()), there.end());
    const Tips wanted = {commits.back(), commits[below(commits.size())]};
    const auto small = pack(wanted, there);
    if (!small) continue;
    ++made;
    BOOST_TEST(makes_whole(*small, wanted, there), "round " << round);
  }
  BOOST_TEST(made > 20U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
