// Working trees: they follow their branch, and nothing that is only here is ever lost.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

/// Two computers in sync; the desktop has pushed a change of shared.txt that the laptop has yet to pull.
struct Behind {
  Sandbox world;
  std::filesystem::path notes = world.laptop.project("notes");

  Behind() {
    world.add_repository("notes", {.branches = 2});
    world.laptop.conf(world.section("notes"));
    world.desktop.conf(world.section("notes"));
    expect_exit(world.desktop.run("sync-pull"), 0);
    const auto there = world.desktop.project("notes");
    world.desktop.commit(there, "other.txt", "first\n");
    world.desktop.commit(there, "shared.txt", "first\n");
    expect_exit(world.desktop.run("sync-push"), 0);
    expect_exit(world.laptop.run("sync-pull"), 0);
    world.desktop.commit(there, "shared.txt", "second\n");
    world.desktop.commit(there, "new.txt", "new\n");
    expect_exit(world.desktop.run("sync-push"), 0);
  }

  [[nodiscard]] std::string status() const { return world.laptop.git(notes, {"status", "--porcelain"}); }

  void expect_collision(const std::string& file) {
    const std::string before = world.laptop.refs(notes, "refs/heads");
    const std::string status_before = status();
    const std::string content = content_of(notes / file);
    const Json branch = branch_of(report_of(world.laptop, "sync-pull", 3), "notes", "main");
    BOOST_TEST(branch.at("reason") == "dirty");
    BOOST_TEST(branch.at("files") == Json::array({file}));
    const Finished run = world.laptop.run("sync-pull");
    BOOST_TEST_CONTEXT(run.out) {
      BOOST_TEST(contains(run.out, file));
    }
    BOOST_TEST(world.laptop.refs(notes, "refs/heads") == before);
    BOOST_TEST(status() == status_before);
    BOOST_TEST(content_of(notes / file) == content);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(working_trees, Behind)

BOOST_AUTO_TEST_CASE(a_clean_working_tree_follows_its_branch) {
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_TEST(content_of(notes / "shared.txt") == "second\n");
  BOOST_TEST(content_of(notes / "new.txt") == "new\n");
  BOOST_TEST(status() == "");
}

BOOST_AUTO_TEST_CASE(a_changed_file_in_the_way_is_kept_and_named) {
  Computer::write(notes / "shared.txt", "mine\n");
  expect_collision("shared.txt");
}

BOOST_AUTO_TEST_CASE(a_staged_file_in_the_way_is_kept_and_named) {
  Computer::write(notes / "shared.txt", "mine\n");
  world.laptop.git(notes, {"add", "shared.txt"});
  expect_collision("shared.txt");
}

BOOST_AUTO_TEST_CASE(an_untracked_file_in_the_way_is_kept_and_named) {
  Computer::write(notes / "new.txt", "mine\n");
  expect_collision("new.txt");
}

BOOST_AUTO_TEST_CASE(a_file_that_the_user_has_deleted_is_not_brought_back) {
  std::filesystem::remove(notes / "shared.txt");
  const Json branch = branch_of(report_of(world.laptop, "sync-pull", 3), "notes", "main");
  BOOST_TEST(branch.at("reason") == "dirty");
  BOOST_TEST(branch.at("files") == Json::array({"shared.txt"}));
  BOOST_TEST(status() == " D shared.txt");
}

BOOST_AUTO_TEST_CASE(a_file_in_the_way_can_have_any_name) {
  const std::string name = "dir/na\"me \xc3\xa4\x1b[31m.txt";
  const auto there = world.desktop.project("notes");
  world.desktop.commit(there, name, "theirs\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  Computer::write(notes / name, "mine\n");
  const Finished run = world.laptop.run("sync-pull");
  expect_exit(run, 3);
  BOOST_TEST(!contains(run.out + run.err, "\x1b[31m"));
  BOOST_TEST(content_of(notes / name) == "mine\n");
}

BOOST_AUTO_TEST_CASE(other_local_changes_survive_a_fast_forward) {
  Computer::write(notes / "other.txt", "changed\n");
  Computer::write(notes / "untracked.txt", "mine\n");
  Computer::write(notes / "staged.txt", "staged\n");
  world.laptop.git(notes, {"add", "staged.txt"});
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_TEST(content_of(notes / "shared.txt") == "second\n");
  BOOST_TEST(status() == " M other.txt\nA  staged.txt\n?? untracked.txt");
  BOOST_TEST(content_of(notes / "other.txt") == "changed\n");
}

BOOST_AUTO_TEST_CASE(a_linked_worktree_follows_its_branch_too) {
  const auto linked = world.laptop.project("linked");
  world.laptop.git(notes, {"worktree", "add", "--quiet", linked.string(), "branch-1"});
  const auto there = world.desktop.project("notes");
  world.desktop.git(there, {"switch", "--quiet", "branch-1"});
  world.desktop.commit(there, "linked.txt", "from the desktop\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(content_of(linked / "linked.txt") == "from the desktop\n");
  BOOST_TEST(world.laptop.git(linked, {"status", "--porcelain"}) == "");
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(the_command_for_a_branch_of_a_linked_worktree_runs_there) {
  const auto linked = world.laptop.project("linked");
  world.laptop.git(notes, {"worktree", "add", "--quiet", linked.string(), "branch-1"});
  const auto there = world.desktop.project("notes");
  world.desktop.git(there, {"switch", "--quiet", "branch-1"});
  world.desktop.commit(there, "there.txt", "from the desktop\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  world.laptop.commit(linked, "here.txt", "from the laptop\n");
  const Json branch = branch_of(report_of(world.laptop, "sync-pull", 3), "notes", "branch-1");
  BOOST_TEST(branch.at("reason") == "diverged");
  BOOST_TEST(branch.at("hint") == "git -C " + linked.string() + " merge origin/branch-1, then sync-push");
}

BOOST_AUTO_TEST_CASE(a_working_tree_on_an_alias_follows_the_branch_that_it_stands_for) {
  world.laptop.git(notes, {"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  world.laptop.git(notes, {"switch", "--quiet", "alias"});
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/main") == world.owner.tip(world.bare("notes"), "refs/heads/main"));
  BOOST_TEST(content_of(notes / "shared.txt") == "second\n");
  BOOST_TEST(status() == "");
}

BOOST_AUTO_TEST_CASE(a_detached_head_stays_where_it_is) {
  world.laptop.git(notes, {"switch", "--quiet", "--detach"});
  const std::string head = world.laptop.tip(notes, "HEAD");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(world.laptop.tip(notes, "HEAD") == head);
  BOOST_TEST(content_of(notes / "shared.txt") == "first\n");
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_bare_repository_here_is_synced_without_a_working_tree) {
  world.laptop.git(world.laptop.home(), {"init", "--quiet", "--bare", world.laptop.project("mirror").string()});
  world.laptop.conf("[git \"mirror\"]\npath = ~/mirror\nurl = " + world.url("notes") + "\n");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(world.laptop.refs(world.laptop.project("mirror"), "refs/heads") ==
             world.owner.refs(world.bare("notes"), "refs/heads"));
}

BOOST_AUTO_TEST_CASE(an_ignored_file_in_the_way_of_a_first_pull_is_kept_and_named) {
  const auto there = world.desktop.project("notes");
  world.desktop.commit(there, "secret/key", "theirs\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  const auto fresh = world.laptop.project("fresh");
  world.laptop.git(world.laptop.home(), {"init", "--quiet", "--initial-branch=main", fresh.string()});
  world.laptop.conf("[git \"fresh\"]\npath = ~/fresh\nurl = " + world.url("notes") + "\n");
  for (const std::string file : {"shared.txt", "secret", "secret/key", "new.txt/deep"}) {
    Computer::write(fresh / ".git/info/exclude", "/shared.txt\n/secret\n/other\n/new.txt\n");
    Computer::write(fresh / "other/file", "not in the way\n");
    Computer::write(fresh / file, "mine\n");
    const Json branch = branch_of(report_of(world.laptop, "sync-pull", 3), "fresh", "main");
    BOOST_TEST(branch.at("reason") == "dirty");
    BOOST_TEST(branch.at("files") == Json::array({file}));
    BOOST_TEST(content_of(fresh / file) == "mine\n");
    BOOST_TEST(world.laptop.tip(fresh, "refs/heads/main") == "");
    std::filesystem::remove_all(fresh / file.substr(0, file.find('/')));
  }
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(content_of(fresh / "secret/key") == "theirs\n");
  BOOST_TEST(content_of(fresh / "other/file") == "not in the way\n");
}

BOOST_AUTO_TEST_CASE(a_worktree_that_can_not_be_looked_at_stops_no_other_branch) {
  const auto linked = world.laptop.project("linked");
  world.laptop.git(notes, {"worktree", "add", "--quiet", linked.string(), "branch-1"});
  std::filesystem::remove_all(linked);
  std::filesystem::create_symlink(linked, linked);  // as a file system that is not connected any more
  add_commits(world.owner, world.bare("notes"), "branch-1", 1);
  const Json report = report_of(world.laptop, "sync-pull", 3);
  BOOST_TEST(branch_of(report, "notes", "branch-1").at("reason") == "checked-out");
  BOOST_TEST(branch_of(report, "notes", "main").at("action") == "fast-forward");
}

BOOST_AUTO_TEST_CASE(a_commit_made_just_before_the_tree_moves_makes_the_branch_looked_at_again) {
  Computer::write(world.path() / "bin/git", R"(#!/bin/sh
PATH=${PATH#*:}
case " $* " in *" merge "*) [ -e "$HOME/committed" ] || {
  touch "$HOME/committed"
  git -C "$2" commit --quiet --allow-empty --message 'a moment before'
} ;; esac
exec git "$@"
)");
  std::filesystem::permissions(world.path() / "bin/git", std::filesystem::perms::owner_all);
  Computer busy = world.laptop;
  busy.set("PATH", (world.path() / "bin").string() + ":" + std::getenv("PATH"));
  const Json branch = branch_of(report_of(busy, "sync-pull", 3), "notes", "main");
  BOOST_TEST(branch.at("reason") == "diverged");
  BOOST_TEST(world.laptop.git(notes, {"log", "-1", "--format=%s"}) == "a moment before");
  BOOST_TEST(content_of(notes / "shared.txt") == "first\n");
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_full_when_the_index_is_written_leaves_the_tree_as_it_was) {
  Computer::write(world.path() / "bin/git", R"(#!/bin/sh
PATH=${PATH#*:}
case " $* " in
  *" merge "*) exec strace -qq -o /dev/null -P "${2%/}/.git/index.lock" -e inject=write:error=ENOSPC git "$@" ;;
esac
exec git "$@"
)");
  std::filesystem::permissions(world.path() / "bin/git", std::filesystem::perms::owner_all);
  Computer full = world.laptop;
  full.set("PATH", (world.path() / "bin").string() + ":" + std::getenv("PATH"));
  const Json branch = branch_of(report_of(full, "sync-pull", 1), "notes", "main");
  BOOST_TEST(contains(branch.at("message").get<std::string>(), "Out of diskspace"), branch.dump());
  BOOST_TEST(contains(branch.at("message").get<std::string>(), "taken back"), branch.dump());
  BOOST_TEST(status() == "");
  BOOST_TEST(content_of(notes / "shared.txt") == "first\n");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(content_of(notes / "shared.txt") == "second\n");
}

BOOST_AUTO_TEST_CASE(variables_of_a_hook_do_not_lead_into_another_repository) {
  const auto other = world.laptop.project("other");
  world.laptop.git(world.laptop.home(), {"init", "--quiet", other.string()});
  world.laptop.commit(other, "a.txt", "a\n");
  const Snapshot before = snapshot(other);
  Computer in_a_hook = world.laptop;
  in_a_hook.set("GIT_DIR", (other / ".git").string());
  in_a_hook.set("GIT_INDEX_FILE", (other / ".git/index").string());
  in_a_hook.set("GIT_WORK_TREE", other.string());
  expect_exit(in_a_hook.run("sync-pull"), 0);
  BOOST_TEST(differences(before, snapshot(other)) == "");
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
