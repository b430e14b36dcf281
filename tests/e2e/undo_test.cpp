// sync-undo and sync-delete: what a run did comes back, and a deletion reaches every computer.
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "in_sync.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

BOOST_FIXTURE_TEST_SUITE(undo, InSync)

BOOST_AUTO_TEST_CASE(branches_and_files_go_back_to_where_they_were) {
  world.desktop.conf(world.section("notes"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  const auto theirs = world.desktop.project("notes");
  world.desktop.commit(theirs, "new.txt", "new\n");
  world.desktop.git(theirs, {"branch", "fresh"});
  expect_exit(world.desktop.run("sync-push"), 0);
  move(world.owner, bare, "branch-1", "branch-1~1");
  world.owner.git(bare, {"branch", "-D", "branch-2"});
  Computer::write(notes / "mine.txt", "mine\n");
  const std::string before = world.laptop.refs(notes, "refs/heads");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") != before);
  BOOST_TEST(std::filesystem::exists(notes / "new.txt"));

  const std::string after = world.laptop.refs(notes, "refs/heads");
  expect_exit(world.laptop.run("sync-undo", {"--dry-run"}), 0);
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == after);
  const Finished run = world.laptop.run("sync-undo");
  expect_exit(run, 0);
  BOOST_TEST(contains(run.out, "taken back: sync-pull"), run.out);
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == before);
  BOOST_TEST(!std::filesystem::exists(notes / "new.txt"));
  BOOST_TEST(world.laptop.git(notes, {"status", "--porcelain"}) == "?? mine.txt");
  world.laptop.git(notes, {"fsck", "--strict"});

  // It is taken back once, and no run does it again or carries it to the server by itself.
  BOOST_TEST(contains(world.laptop.run("sync-undo").out, "without anything to take back"));
  const std::string there = world.owner.refs(bare, "refs/heads");
  const Json document = report_of(world.laptop, "sync-now", 3);
  BOOST_TEST(branch_of(document, "notes", "main").at("reason") == "rewound");
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "diverged");
  BOOST_TEST(world.owner.tip(bare, "branch-2") == world.laptop.tip(notes, "branch-2"));
  BOOST_TEST(contains(world.owner.refs(bare, "refs/heads"), there.substr(0, there.find('\n'))));
  BOOST_TEST(world.owner.tip(bare, "fresh") != "");
}

BOOST_AUTO_TEST_CASE(what_has_moved_since_stays_and_is_told) {
  move(world.owner, bare, "branch-1", "branch-1");
  expect_exit(world.laptop.run("sync-pull"), 0);
  const std::string later = move(world.laptop, notes, "branch-1", "branch-1");
  const Json document = report_of(world.laptop, "sync-undo", 3);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "stale");
  BOOST_TEST(world.laptop.tip(notes, "branch-1") == later);
}

BOOST_AUTO_TEST_CASE(what_was_pushed_is_told_with_the_command_that_puts_it_back) {
  const std::string before = world.owner.tip(bare, "branch-1");
  move(world.laptop, notes, "branch-1", "branch-1");
  expect_exit(world.laptop.run("sync-push"), 0);
  const Json document = report_of(world.laptop, "sync-undo", 3);
  const Json branch = branch_of(document, "notes", "branch-1");
  BOOST_TEST(branch.at("reason") == "published");
  const std::string hint = branch.at("hint");
  const std::string command = hint.substr(hint.find("git -C"));
  Command shell;
  shell.argv = {"sh", "-c", command};
  shell.environment = world.laptop.environment();
  shell.environment.push_back("GIT_SSH_COMMAND=ssh -F " + world.server.ssh_config().string());
  const Finished run = syncmanager::run(shell, {}, std::chrono::minutes(1));
  BOOST_TEST(run.ok(), command << ": " << run.err);
  BOOST_TEST(world.owner.tip(bare, "branch-1") == before);
}

BOOST_AUTO_TEST_CASE(local_changes_in_the_way_stay_and_are_named) {
  const std::string before = world.laptop.tip(notes, "main");
  world.desktop.conf(world.section("notes"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  world.desktop.commit(world.desktop.project("notes"), "new.txt", "new\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  expect_exit(world.laptop.run("sync-pull"), 0);
  Computer::write(notes / "new.txt", "edited\n");
  const Json document = report_of(world.laptop, "sync-undo", 3);
  BOOST_TEST(branch_of(document, "notes", "main").at("files").dump() == R"(["new.txt"])");
  BOOST_TEST(content_of(notes / "new.txt") == "edited\n");
  BOOST_TEST(world.laptop.tip(notes, "main") != before);
  world.laptop.git(notes, {"checkout", "--quiet", "--", "new.txt"});
  expect_exit(world.laptop.run("sync-undo"), 0);  // the same run again, not the one before
  BOOST_TEST(world.laptop.tip(notes, "main") == before);
}

BOOST_AUTO_TEST_CASE(a_merge_that_was_pushed_is_taken_back_here_and_told) {
  world.laptop.conf(world.section("notes", "diverged = merge\n"));
  const std::string here = move(world.laptop, notes, "branch-1", "branch-1");
  world.owner.git(bare, {"update-ref", "refs/heads/branch-1",
                         world.owner.git(bare, {"commit-tree", "-p", "branch-1", "-m", "theirs", "branch-1^{tree}"})});
  const Json done = report_of(world.laptop, "sync-now", 0);
  BOOST_TEST(branch_of(done, "notes", "branch-1").at("action") == "merge");
  const Json document = report_of(world.laptop, "sync-undo", 3);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "published");
  BOOST_TEST(world.laptop.tip(notes, "branch-1") == here);
}

BOOST_AUTO_TEST_CASE(a_project_that_is_not_cloned_has_nothing_to_take_back) {
  world.laptop.conf(world.section("notes") + world.section("elsewhere"));
  expect_exit(world.laptop.run("sync-undo"), 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(deletion, InSync)

BOOST_AUTO_TEST_CASE(a_deleted_branch_goes_everywhere_and_can_be_had_again) {
  world.desktop.conf(world.section("notes"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  const std::string before = world.laptop.tip(notes, "branch-1");
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "branch-1"}), 0);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/branch-1") == "");
  expect_exit(world.laptop.run("sync-undo"), 0);
  BOOST_TEST(world.laptop.tip(notes, "branch-1") == before);
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "branch-1"}), 0);
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(world.owner.tip(bare, "refs/heads/branch-1") == "");
  expect_exit(world.desktop.run("sync-now"), 0);
  BOOST_TEST(world.desktop.tip(world.desktop.project("notes"), "refs/heads/branch-1") == "");
}

BOOST_AUTO_TEST_CASE(a_branch_that_is_not_there_or_in_use_is_not_deleted) {
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "none"}), 1);
  const Json document = report_of(world.laptop, "sync-delete", 3, {"-p", "notes", "main"});
  BOOST_TEST(branch_of(document, "notes", "main").at("reason") == "checked-out");
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "--dry-run", "branch-1"}), 0);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/branch-1") != "");
  expect_exit(world.laptop.run("sync-delete", {"branch-1"}), 2);  // no project holds the home folder
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
