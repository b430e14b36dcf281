#include "git/tree_repair.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/file.hpp"
#include "base/process.hpp"
#include "git/half_move.hpp"
#include "git/worktree.hpp"
#include "support/program.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;
using Kind = TreeRepair::Kind;
using std::chrono::milliseconds;

/// What the tests' worlds differ in.
struct Setting {
  std::string what;
  std::vector<std::pair<std::string, std::string>> config;
  std::string attributes;
};

const Setting plain{"plain", {}, "f text=auto\n"};
const Setting filtered{"a filter of the project",
                       {{"filter.swap.clean", "tr a-z b-za"}, {"filter.swap.smudge", "tr b-za a-z"}},
                       "f filter=swap\nnew/** filter=swap\n"};
const Setting crlf{"autocrlf", {{"core.autocrlf", "true"}}, "*.bin -text\n"};

/// On the old one of two commits, between which everything changes that git can change, but for `same`.
struct World {
  test::TempRepo repo;
  test::TemporaryFolder home;
  Environment environment;
  FileTime begun;
  Oid from;
  Oid to;

  explicit World(const Setting& setting) {
    environment.variables = test::git_environment(home.path());
    for (const auto& [key, value] : setting.config) repo.git({"config", key, value});
    repo.write(".gitattributes", setting.attributes);
    for (const std::string file :
         {"same", "f", "gone", "run", "folder/a", "folder/b/c", "file", "away/only", "pic.bin"})
      repo.write(file, file + " old\nline\n");
    fs::create_symlink("f", repo.path() / "link");
    fs::create_symlink("same", repo.path() / "turns");
    from = commit("old");
    for (const std::string file : {"gone", "folder", "file", "away", "link", "turns"})
      fs::remove_all(repo.path() / file);
    for (const std::string file : {"f", "folder", "file/x", "file/y/z", "new/deep/er", "turns", "pic.bin"})
      repo.write(file, file + " new\nline\n");
    fs::create_symlink("run", repo.path() / "link");
    fs::permissions(repo.path() / "run", fs::perms::owner_all);
    to = commit("new");
    repo.git({"reset", "--quiet", "--hard", from.hex()});
    begun = std::chrono::system_clock::now();
  }
  World(const World& other)
      : repo(other.repo), environment(other.environment), begun(other.begun), from(other.from), to(other.to) {}

  [[nodiscard]] Oid commit(const std::string& message) const {
    repo.git({"add", "--all"});
    repo.git({"commit", "--quiet", "--message", message});
    return *Oid::from_hex(repo.git({"rev-parse", "HEAD"}));
  }
  [[nodiscard]] BegunMove move() const { return {repo.path(), "main", from, to, begun}; }
  [[nodiscard]] TreeRepair repair() const { return repair_tree(environment, move(), milliseconds(0)); }
  [[nodiscard]] std::string status() const { return repo.git({"status", "--porcelain", "--ignored", "-uall"}); }
  [[nodiscard]] std::string head() const { return repo.git({"rev-parse", "HEAD"}); }
  [[nodiscard]] fs::path file(const std::string& name) const { return repo.path() / name; }
  [[nodiscard]] std::string content(const std::string& name) const { return read_file(file(name)).value_or("none"); }

  /// Runs git under strace, which kills it as it is about to make its `count`th call of this kind; true where it did.
  [[nodiscard]] bool killed_at(const std::string& call, int count, std::vector<std::string> git) const {
    repo.git({"update-index", "-q", "--refresh"});
    Command command;
    command.argv = {"strace", "-qq",           "-o", "/dev/null",
                    "-e",     "trace=" + call, "-e", "inject=" + call + ":signal=KILL:when=" + std::to_string(count),
                    "git"};
    command.argv.insert(command.argv.end(), git.begin(), git.end());
    command.folder = repo.path();
    command.environment = environment.variables;
    const Finished finished = run(command, {}, std::chrono::minutes(1));
    BOOST_REQUIRE_MESSAGE(finished.ok() || finished.status == 128 + SIGKILL, finished.err);
    return !finished.ok();
  }
};

using Strings = std::vector<std::string>;

/// Begins the move as git does: takes the lock, then makes these files as the new commit has them.
void begin(const World& world, const Strings& files) {
  world.repo.write(".git/index.lock", "");
  for (const std::string& file : files) {
    fs::remove_all(world.file(file));
    world.repo.write(file, world.repo.git({"cat-file", "--filters", world.to.hex() + ":" + file}) + "\n");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tree_repair)

namespace {

/// Repairs what a kill left, by hand too where a lock stays: the tree is as one of the commits, and can be moved on.
Kind repaired(const World& world) {
  TreeRepair repair = world.repair();
  BOOST_TEST(repair.left == Strings{}, boost::test_tools::per_element());
  if (repair.kind == Kind::locked) {
    // No file was made yet, that would prove whose it is; or the branch is locked.
    BOOST_TEST(world.status().find("??") == std::string::npos);
    for (const fs::path& lock : repair.locks) BOOST_TEST(fs::remove(lock));
    repair = world.repair();
  }
  BOOST_TEST((repair.kind != Kind::locked && repair.kind != Kind::held));
  BOOST_TEST(world.status() == "");
  const bool arrived = world.head() == world.to.hex();
  BOOST_TEST((arrived || world.head() == world.from.hex()));
  BOOST_TEST(fs::exists(world.file("gone")) != arrived);
  if (!arrived) {
    BOOST_TEST((fast_forward_tree(world.environment, world.repo.path(), "main", world.from, world.to).moved ==
                TreeMoved::yes));
  }
  return repair.kind;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_git_killed_anywhere_leaves_a_tree_that_is_finished_or_taken_back) {
  for (const bool merges : {true, false}) {
    const World fresh(merges ? plain : filtered);
    const Strings git = merges ? Strings{"merge", "--ff-only", "--quiet", fresh.to.hex()}
                               : Strings{"read-tree", "-m", "-u", fresh.from.hex(), fresh.to.hex()};
    std::map<Kind, int> kinds;
    for (const std::string call : {"write", "unlink", "rename", "mkdir", "symlink", "rmdir"}) {
      for (int count = 1;; ++count) {
        const World world(fresh);
        if (!world.killed_at(call, count, git)) break;
        BOOST_TEST_CONTEXT(git.front() << " killed at " << call << " " << count << "\n" << world.status()) {
          ++kinds[repaired(world)];
          world.repo.git({"fsck", "--strict"});
        }
      }
    }
    BOOST_TEST(kinds[Kind::taken_back] > 10);
    if (merges) BOOST_TEST(kinds[Kind::finished] > 0);
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_the_users_stays_and_is_named) {
  for (const Setting& setting : {plain, filtered, crlf}) {
    const World world(setting);
    begin(world, {"f", "run", "new/deep/er"});
    world.repo.write("f", "an edit of the user's\n");
    world.repo.write("pic.bin", "another\n");
    world.repo.write("new/deep/mine", "untracked\n");
    world.repo.write("same", "edited elsewhere\n");
    const TreeRepair repair = world.repair();
    BOOST_TEST_CONTEXT(setting.what << "\n" << world.status()) {
      BOOST_TEST((repair.kind == Kind::taken_back));
      BOOST_TEST(repair.left == (Strings{"f", "pic.bin"}), boost::test_tools::per_element());
      BOOST_TEST(world.content("f") == "an edit of the user's\n");
      BOOST_TEST(world.content("new/deep/mine") == "untracked\n");
      BOOST_TEST(world.content("same") == "edited elsewhere\n");
      BOOST_TEST(!fs::exists(world.file("new/deep/er")));
      BOOST_TEST(!fs::exists(world.repo.git_folder() / "index.lock"));
      BOOST_TEST(world.status() == " M f\n M pic.bin\n M same\n?? new/deep/mine");
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_user_has_staged_stays_staged) {
  const World world(plain);
  world.repo.write("same", "staged\n");
  world.repo.write("staged", "staged\n");
  world.repo.git({"add", "same", "staged"});
  const std::string before = world.status();
  begin(world, {"f"});
  BOOST_TEST((world.repair().kind == Kind::taken_back));
  BOOST_TEST(world.status() == before);
  begin(world, {"f", "new/deep/er"});
  fs::remove(world.repo.git_folder() / "index.lock");
  world.repo.git({"add", "f"});  // what git had half done, the user has made his own
  const TreeRepair repair = world.repair();
  BOOST_TEST((repair.kind == Kind::taken_back));
  BOOST_TEST(world.status() == "M  f\n" + before);
}

BOOST_AUTO_TEST_CASE(the_front_part_of_a_new_file_is_gits_and_a_longer_one_is_not) {
  for (const Setting& setting : {plain, filtered, crlf}) {
    for (const std::string name : {"f", "new/deep/er"}) {
      const World world(setting);
      begin(world, {name});
      const std::string whole = world.content(name);
      const auto begin_with = [&](const std::string& content) {
        begin(world, {"folder"});
        fs::remove(world.file(name));
        world.repo.write(name, content);
        return world.repair();
      };
      for (const std::string& part : {std::string(), whole.substr(0, 5), whole.substr(0, whole.size() - 1)}) {
        BOOST_TEST_CONTEXT(setting.what << ": " << part) {
          const TreeRepair repair = begin_with(part);
          BOOST_TEST((repair.kind == Kind::taken_back));
          BOOST_TEST(repair.left.empty());
          BOOST_TEST(world.status() == "");
        }
      }
      BOOST_TEST(begin_with(whole + "more").left == Strings{name}, boost::test_tools::per_element());
      BOOST_TEST(world.content(name) == whole + "more");
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_of_the_users_is_removed_to_make_room_for_an_old_file) {
  const World world(plain);
  begin(world, {});
  fs::remove(world.file("file"));
  world.repo.write("file/x", "file/x new\nline\n");
  world.repo.write("file/mine", "mine\n");
  fs::remove_all(world.file("folder"));
  fs::create_symlink("same", world.file("folder"));
  fs::remove(world.file("turns"));
  fs::create_directories(world.file("turns/empty"));
  const TreeRepair repair = world.repair();
  BOOST_TEST((repair.kind == Kind::taken_back));
  BOOST_TEST(repair.left == (Strings{"file", "folder", "folder/a", "folder/b/c"}), boost::test_tools::per_element());
  BOOST_TEST(world.content("file/mine") == "mine\n");
  BOOST_TEST(fs::is_symlink(world.file("folder")));
  BOOST_TEST(fs::is_symlink(world.file("turns")));
  BOOST_TEST(!fs::exists(world.file("file/x")));
}

BOOST_AUTO_TEST_CASE(a_lock_stays_unless_it_is_proven_to_be_of_the_dead_git) {
  const auto look = [](const World& world, Kind expected) {
    const std::string before = world.status();
    const TreeRepair repair = world.repair();
    BOOST_TEST((repair.kind == expected));
    BOOST_REQUIRE(repair.locks.size() == 1);
    BOOST_TEST(fs::equivalent(repair.locks.front(), world.repo.git_folder() / "index.lock"));
    BOOST_TEST(world.status() == before);
  };
  const World fresh(plain);
  BOOST_TEST_CONTEXT("it was made before the run began") {
    World world(fresh);
    begin(world, {"f"});
    world.begun = std::chrono::system_clock::now() + std::chrono::seconds(1);
    look(world, Kind::locked);
  }
  BOOST_TEST_CONTEXT("it was made after the files") {
    const World world(fresh);
    begin(world, {"f"});
    const auto made = made_at(world.file("f"));
    const fs::path lock = world.repo.git_folder() / "index.lock";
    const auto is_newer = [&] {
      fs::remove(lock);
      world.repo.write(".git/index.lock", "");
      return made_at(lock) > made;
    };
    test::wait_until(is_newer, "the file system's clock goes on");
    look(world, Kind::locked);
  }
  BOOST_TEST_CONTEXT("somebody has it open") {
    const World world(fresh);
    begin(world, {"f"});
    Command command;
    command.argv = {"sh", "-c", "exec cat 3<.git/index.lock"};
    command.folder = world.repo.path();
    command.environment = world.environment.variables;
    Child holder(command);
    test::wait_until([&] { return held(world.repo.git_folder() / "index.lock", world.repo.path()); }, "it is held");
    look(world, Kind::held);
    holder.input.reset();
    holder.wait();
    BOOST_TEST((world.repair().kind == Kind::taken_back));
  }
  BOOST_TEST_CONTEXT("a git works there") {
    const World world(fresh);
    begin(world, {"f"});
    Command command;
    command.argv = {"git", "cat-file", "--batch"};
    command.folder = world.repo.path();
    command.environment = world.environment.variables;
    Child git(command);
    test::wait_until([&] { return held(world.repo.git_folder() / "index.lock", world.repo.path()); }, "git works");
    look(world, Kind::held);
    git.input.reset();
    git.wait();
    BOOST_TEST((world.repair().kind == Kind::taken_back));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_the_users_unless_git_is_proven_to_have_begun) {
  const World fresh(plain);
  const auto repair = [&](bool lock, bool certain) {
    const World world(fresh);
    if (lock) begin(world, {});
    fs::remove(world.file("gone"));
    BegunMove move = world.move();
    move.certain = certain;
    const TreeRepair found = repair_tree(world.environment, move, milliseconds(0));
    BOOST_TEST((found.kind == (lock || certain ? Kind::taken_back : Kind::nothing)));
    BOOST_TEST(fs::exists(world.file("gone")) == (lock || certain));
    BOOST_TEST(!fs::exists(world.repo.git_folder() / "index.lock"));
  };
  repair(false, false);
  repair(true, false);
  repair(false, true);
}

BOOST_AUTO_TEST_CASE(a_lock_of_the_branch_is_named) {
  const World world(plain);
  world.repo.git({"read-tree", "-m", "-u", world.from.hex(), world.to.hex()});
  world.repo.write(".git/refs/heads/main.lock", "");
  TreeRepair repair = world.repair();
  BOOST_TEST((repair.kind == Kind::locked));
  BOOST_REQUIRE(repair.locks.size() == 1);
  BOOST_TEST(fs::equivalent(repair.locks.front(), world.repo.git_folder() / "refs/heads/main.lock"));
  BOOST_TEST(world.head() == world.from.hex());
  fs::remove(repair.locks.front());
  world.repo.write("f", "an edit of the user's\n");
  repair = world.repair();
  BOOST_TEST((repair.kind == Kind::finished));
  BOOST_TEST(world.head() == world.to.hex());
  BOOST_TEST(world.status() == " M f");
}

BOOST_AUTO_TEST_CASE(nothing_is_touched_where_nothing_is_half_done) {
  const World world(plain);
  world.repo.write("f", "an edit of the user's\n");
  BOOST_TEST((world.repair().kind == Kind::nothing));
  BOOST_TEST(world.status() == " M f");
  world.repo.git({"commit", "--quiet", "--all", "--message", "moved on"});
  world.repo.write("new/deep/er", "new/deep/er new\nline\n");
  BOOST_TEST((world.repair().kind == Kind::nothing));
  BOOST_TEST(fs::exists(world.file("new/deep/er")));
}

BOOST_AUTO_TEST_CASE(what_was_there_before_the_move_is_the_users) {
  World world(plain);
  begin(world, {"f", "new/deep/er"});
  world.begun = std::chrono::system_clock::now() + std::chrono::seconds(1);
  const TreeRepair repair = world.repair();
  BOOST_TEST((repair.kind != Kind::taken_back));
  BOOST_TEST(fs::exists(world.file("new/deep/er")));
  BOOST_TEST(world.content("f") == "f new\nline\n");
}

BOOST_AUTO_TEST_CASE(only_the_newest_file_can_be_the_front_part_that_git_was_at) {
  const World world(plain);
  begin(world, {});
  world.repo.write("new/deep/er", "");
  fs::remove(world.file("pic.bin"));
  const auto made = made_at(world.file("new/deep/er"));
  const auto later = [&] {
    fs::remove(world.file("pic.bin"));
    begin(world, {"pic.bin"});
    return made_at(world.file("pic.bin")) > made;
  };
  test::wait_until(later, "the file system's clock goes on");
  fs::remove(world.repo.git_folder() / "index.lock");
  const TreeRepair repair = world.repair();
  BOOST_TEST((repair.kind == Kind::taken_back));
  BOOST_TEST(repair.left == Strings{"new/deep/er"}, boost::test_tools::per_element());
  BOOST_TEST(fs::exists(world.file("new/deep/er")));
  BOOST_TEST(world.content("pic.bin") == "pic.bin old\nline\n");
}

BOOST_AUTO_TEST_CASE(a_tree_that_leads_out_of_the_folder_or_into_gits_own_is_touched_nowhere) {
  const World fresh(plain);
  const auto commit_with = [&](const std::string& path) {
    fresh.repo.write(".git/blob", "theirs\n");
    const std::string blob = fresh.repo.git({"hash-object", "-w", ".git/blob"});
    std::string raw = "100644 " + path + std::string(1, '\0');
    for (std::size_t at = 0; at < blob.size(); at += 2) {
      raw += static_cast<char>(std::stoi(blob.substr(at, 2), nullptr, 16));
    }
    fresh.repo.write(".git/tree", raw);
    const std::string tree = fresh.repo.git({"hash-object", "-t", "tree", "-w", "--literally", ".git/tree"});
    return *Oid::from_hex(fresh.repo.git({"commit-tree", "-m", "evil", tree}));
  };
  for (const std::string& path : {std::string("../victim"), (fresh.home.path() / "victim").string(),
                                  std::string("a/../../victim"), std::string(".git/blob"), std::string(".git/mine")}) {
    fresh.repo.write("../victim", "theirs\n");
    fresh.home.write("victim", "theirs\n");
    const fs::path place = fresh.repo.path() / path;
    const bool inside = path.starts_with(".git");
    if (inside) fresh.repo.write(path, "theirs\n");
    BegunMove move = fresh.move();
    move.to = commit_with(path);
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST((repair_tree(fresh.environment, move, milliseconds(0)).kind == Kind::nothing));
      BOOST_TEST(fs::exists(place.lexically_normal()));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_move_to_a_commit_that_git_has_thrown_away_is_over) {
  World world(plain);
  world.to = *Oid::from_hex("0123456789012345678901234567890123456789");
  BOOST_TEST((world.repair().kind == Kind::nothing));
}

BOOST_AUTO_TEST_CASE(the_first_filling_of_a_tree_is_taken_back) {
  const World old(plain);
  const test::TempRepo repo;
  repo.git({"fetch", "--quiet", old.repo.path().string(), "main"});
  const Oid tip = *Oid::from_hex(repo.git({"rev-parse", "FETCH_HEAD"}));
  BegunMove move{repo.path(), "main", std::nullopt, tip, std::chrono::system_clock::now()};
  repo.write(".git/index.lock", "");
  repo.write("folder/a", "folder/a old\nline\n");
  repo.write("same", "same old\n");
  repo.write("mine", "mine\n");
  BOOST_TEST((repair_tree(old.environment, move, milliseconds(0)).kind == Kind::taken_back));
  BOOST_TEST(repo.git({"status", "--porcelain"}) == "?? mine");
  BOOST_TEST((fast_forward_tree(old.environment, repo.path(), "main", std::nullopt, tip).moved == TreeMoved::yes));
}

BOOST_AUTO_TEST_CASE(a_sparse_tree_stays_sparse) {
  const World world(plain);
  world.repo.git({"sparse-checkout", "set", "--no-cone", "/f", "/same", "/new"});
  begin(world, {"f", "new/deep/er"});
  BOOST_TEST((world.repair().kind == Kind::taken_back));
  BOOST_TEST(world.status() == "");
  BOOST_TEST(!fs::exists(world.file("gone")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
