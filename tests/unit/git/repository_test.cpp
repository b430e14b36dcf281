#include "git/repository.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

Oid oid(const std::string& hex) {
  return *Oid::from_hex(hex);
}

struct Fixture {
  Library library;
  test::TempRepo repo;
  Oid first = oid(repo.commit("f", "1"));
  Oid second = oid(repo.commit("f", "2"));
  Repository repository = *Repository::open(repo.path());

  std::string tip(const std::string& ref) const { return repo.git({"rev-parse", ref}); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(repository, Fixture)

BOOST_AUTO_TEST_CASE(a_folder_without_a_repository_is_nothing) {
  const test::TemporaryFolder folder;
  BOOST_TEST(!Repository::open(folder.path()));
  BOOST_TEST(!Repository::open(folder.path() / "none"));
  repo.write("below/file", "");
  BOOST_TEST(!Repository::open(repo.path() / "below"));
}

BOOST_AUTO_TEST_CASE(a_repository_of_another_user_is_one_and_is_refused) {
  if (geteuid() != 0) return;  // only root can give files away
  BOOST_REQUIRE(lchown(repo.path().c_str(), 12345, 12345) == 0);
  BOOST_CHECK_EXCEPTION(Repository::open(repo.path()), Error, [](const Error& error) {
    return std::string(error.what()).ends_with("it belongs to another user") && !error.hint().empty();
  });
}

BOOST_AUTO_TEST_CASE(tells_how_commits_stand_to_each_other) {
  repo.git({"switch", "--quiet", "--create", "side", "HEAD~1"});
  const Oid side = oid(repo.commit("g", "1"));
  BOOST_TEST((repository.relation(first, first) == Relation::same));
  BOOST_TEST((repository.relation(first, second) == Relation::before));
  BOOST_TEST((repository.relation(second, first) == Relation::after));
  BOOST_TEST((repository.relation(second, side) == Relation::unrelated));
  const Distance distance = repository.distance(second, side);
  BOOST_TEST(distance.ahead == 1);
  BOOST_TEST(distance.behind == 1);
}

BOOST_AUTO_TEST_CASE(misses_no_ref_that_is_packed_while_it_reads) {
  namespace fs = std::filesystem;
  const fs::path heads = repo.git_folder() / "refs/heads";
  // Whoever reads one of these two waits until somebody opens its pipe for writing.
  for (const char* name : {"a", "b"}) {
    BOOST_REQUIRE(mkfifo((repo.git_folder() / name).c_str(), 0600) == 0);
    fs::create_symlink(repo.git_folder() / name, heads / name);
  }
  const auto open_pipe = [&](const char* name) {
    return Fd(open((repo.git_folder() / name).c_str(), O_WRONLY | O_CLOEXEC));
  };
  Fd release;  // as long as it is open, nobody waits any more
  std::thread packs([&] {
    const Fd reached = open_pipe("a");
    repo.write(".git/new", second.hex() + " refs/heads/main\n");
    fs::rename(repo.git_folder() / "new", repo.git_folder() / "packed-refs");
    fs::remove(heads / "a");
    fs::remove(heads / "main");
    release = open_pipe("b");
  });
  const LocalRefs refs = repository.refs("origin");
  packs.join();
  BOOST_TEST((refs.branches == RefMap{{"main", second}}));
}

BOOST_AUTO_TEST_CASE(moves_a_ref_only_from_where_it_was_seen) {
  const std::string ref = "refs/heads/topic";
  BOOST_TEST((repository.move_ref(ref, first, second, "test") == Moved::stale));  // there is none
  BOOST_TEST((repository.move_ref(ref, std::nullopt, first, "test") == Moved::yes));
  BOOST_TEST((repository.move_ref(ref, std::nullopt, second, "test") == Moved::stale));
  BOOST_TEST((repository.move_ref(ref, second, second, "test") == Moved::stale));
  BOOST_TEST(tip(ref) == first.hex());
  BOOST_TEST((repository.move_ref(ref, first, second, "test") == Moved::yes));
  BOOST_TEST(tip(ref) == second.hex());
  BOOST_TEST((repository.delete_ref(ref, first) == Moved::stale));
  BOOST_TEST((repository.delete_ref(ref, second) == Moved::yes));
  BOOST_TEST(repository.absent(ref));
}

BOOST_AUTO_TEST_CASE(replaces_no_ref_that_somebody_makes_meanwhile) {
  // In a linked worktree, libgit2 sees no loose branch when it looks for one before it takes the lock, as if that were
  // always made a moment later.
  const test::TemporaryFolder folder;
  repo.git({"worktree", "add", "--quiet", "--detach", (folder.path() / "linked").string()});
  Repository linked = *Repository::open(folder.path() / "linked");
  repo.write(".git/refs/heads/topic.lock", first.hex() + "\n");
  std::thread makes([&] {
    const std::filesystem::path heads = repo.git_folder() / "refs/heads";
    std::filesystem::rename(heads / "topic.lock", heads / "topic");
  });
  BOOST_TEST((linked.move_ref("refs/heads/topic", std::nullopt, second, "test") == Moved::stale));
  makes.join();
  BOOST_TEST(tip("refs/heads/topic") == first.hex());
  repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/none"});
  BOOST_TEST((linked.move_ref("refs/heads/alias", std::nullopt, second, "test") == Moved::stale));
  repo.git({"pack-refs", "--all"});
  BOOST_TEST((linked.move_ref("refs/heads/topic", std::nullopt, second, "test") == Moved::stale));
  BOOST_TEST((linked.move_ref("refs/heads/new", std::nullopt, second, "test") == Moved::yes));
}

BOOST_AUTO_TEST_CASE(names_that_git_has_no_room_for_are_told_apart) {
  repo.git({"branch", "a/b"});
  repo.git({"pack-refs", "--all"});
  repo.git({"branch", "c/d"});
  for (const std::string name : {"a", "c", "a/b/c", "c/d/e"}) {
    BOOST_TEST((repository.move_ref("refs/heads/" + name, std::nullopt, first, "test") == Moved::name_clash), name);
  }
  for (const std::string name : {"-x", "HEAD", "a..b", "x.lock", "x y", "--help"}) {
    BOOST_TEST((repository.move_ref("refs/heads/" + name, std::nullopt, first, "test") == Moved::bad_name), name);
  }
  for (const std::string name : {"refs/heads/main", "$(touch${IFS}x)", "it's;|&", "@", "a/bc"}) {
    BOOST_TEST((repository.move_ref("refs/heads/" + name, std::nullopt, first, "test") == Moved::yes), name);
  }
}

BOOST_AUTO_TEST_CASE(lists_branches_tags_and_tracking_refs) {
  repo.git({"branch", "topic/x", "HEAD~1"});
  repo.git({"tag", "--annotate", "--message", "one", "v1"});
  repo.git({"update-ref", "refs/remotes/origin/main", "HEAD"});
  repo.git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"});
  repo.git({"update-ref", "refs/remotes/other/main", "HEAD"});
  const LocalRefs refs = repository.refs("origin");
  BOOST_TEST((refs.branches == RefMap{{"main", second}, {"topic/x", first}}));
  BOOST_TEST(refs.tags.at("v1").hex() == tip("v1"));
  BOOST_TEST((refs.tracking == RefMap{{"main", second}}));
  BOOST_TEST(refs.tracking_head == "main");
}

BOOST_AUTO_TEST_CASE(a_symbolic_branch_has_the_tip_of_what_it_stands_for) {
  repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  repo.git({"symbolic-ref", "refs/heads/alias-of-alias", "refs/heads/alias"});
  repo.git({"symbolic-ref", "refs/heads/dangling", "refs/heads/none"});
  repo.git({"symbolic-ref", "refs/tags/newest", "refs/heads/main"});
  LocalRefs refs = repository.refs("origin");
  BOOST_TEST((refs.branches == RefMap{{"alias", second}, {"alias-of-alias", second}, {"main", second}}));
  BOOST_TEST((refs.tags == RefMap{{"newest", second}}));
  BOOST_TEST(
      (refs.aliases ==
       Aliases{{"alias", "refs/heads/main"}, {"alias-of-alias", "refs/heads/main"}, {"dangling", "refs/heads/none"}}));
  refs.move_branch("main", first);
  BOOST_TEST((refs.branches == RefMap{{"alias", first}, {"alias-of-alias", first}, {"main", first}}));
}

BOOST_AUTO_TEST_CASE(nothing_is_moved_through_an_alias) {
  repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  BOOST_TEST((repository.move_ref("refs/heads/alias", second, first, "test") == Moved::stale));
  BOOST_TEST((repository.delete_ref("refs/heads/alias", second) == Moved::stale));
  BOOST_TEST(tip("refs/heads/main") == second.hex());
  BOOST_TEST(repo.git({"symbolic-ref", "refs/heads/alias"}) == "refs/heads/main");
  repo.git({"symbolic-ref", "refs/heads/folder/alias", "refs/heads/none"});
  BOOST_TEST((repository.move_ref("refs/heads/folder", std::nullopt, first, "test") == Moved::name_clash));
}

BOOST_AUTO_TEST_CASE(reflogs_tell_who_the_user_is) {
  repo.git({"config", "user.name", "Jane Doe"});
  repo.git({"config", "user.email", "jane@example.org"});
  BOOST_TEST((repository.move_ref("refs/heads/topic", std::nullopt, first, "made") == Moved::yes));
  BOOST_TEST((repository.move_ref("refs/heads/topic", first, second, "moved") == Moved::yes));
  BOOST_TEST(repo.git({"log", "--walk-reflogs", "--format=%gn <%ge> %gs", "topic"}) ==
             "Jane Doe <jane@example.org> moved\nJane Doe <jane@example.org> made");
}

BOOST_AUTO_TEST_CASE(who_holds_an_alias_holds_the_branch_that_it_stands_for) {
  repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  repo.git({"symbolic-ref", "HEAD", "refs/heads/alias"});
  BOOST_TEST(repository.worktrees().checked_out.at("alias") == repository.work_folder());
  BOOST_TEST(repository.worktrees().checked_out.at("main") == repository.work_folder());
  BOOST_TEST(repository.worktrees().busy.empty());
  repo.write(".git/MERGE_HEAD", second.hex() + "\n");
  BOOST_TEST(repository.worktrees().busy.at("main") == "merge");
}

BOOST_AUTO_TEST_CASE(a_ref_that_stays_packed_is_not_deleted) {
  repo.git({"branch", "packed"});
  repo.git({"pack-refs", "--all"});
  repo.write(".git/packed-refs.lock", "");
  const auto is_locked = [](const Error& error) {
    return error.kind() == ErrorKind::locked && std::string(error.what()).find("packed-refs.lock") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(repository.delete_ref("refs/heads/packed", second), Error, is_locked);
  BOOST_TEST(tip("refs/heads/packed") == second.hex());
  std::filesystem::remove(repo.git_folder() / "packed-refs.lock");
  BOOST_TEST((repository.delete_ref("refs/heads/packed", second) == Moved::yes));
  BOOST_TEST(repository.absent("refs/heads/packed"));
}

BOOST_AUTO_TEST_CASE(a_broken_ref_is_not_absent) {
  repo.git({"branch", "victim"});
  repo.write(".git/refs/heads/victim", "");
  BOOST_CHECK_THROW(static_cast<void>(repository.absent("refs/heads/victim")), Error);
  BOOST_TEST(repository.absent("refs/heads/none"));
  BOOST_TEST(repository.absent("refs/heads/no..name"));
}

BOOST_AUTO_TEST_CASE(own_settings_are_those_of_the_repository) {
  BOOST_TEST(!repository.own_setting("user.name"));
  repository.set_setting("branch.a.b/c's.merge", "refs/heads/main");
  BOOST_TEST(repo.git({"config", "branch.a.b/c's.merge"}) == "refs/heads/main");
  BOOST_TEST(repository.own_setting("branch.a.b/c's.merge").value() == "refs/heads/main");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
