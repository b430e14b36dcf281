// sync-undo and sync-delete: what a run did comes back, and a deletion reaches every computer.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "in_sync.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// A pull has brought a new main and the new branches a and topic here; sync-undo takes topic back first, and then
/// waits in git's hook at main for as long as there is a gate.
struct HalfUndone : InSync {
  fs::path gate = world.path() / "gate";
  fs::path reached = world.path() / "reached";
  std::unique_ptr<Program> run;

  HalfUndone() {
    for (const std::string branch : {"a", "topic"}) move(world.owner, bare, branch, "main");
    add_commits(world.owner, bare, "main", 1);
    expect_exit(world.laptop.run("sync-pull"), 0);
    const fs::path hook = notes / ".git/hooks/reference-transaction";
    Computer::write(hook, "#!/bin/sh\n[ -e '" + gate.string() + "' ] || exit 0\ntouch '" + reached.string() +
                              "'\nwhile [ -e '" + gate.string() + "' ]; do sleep 0.1; done\n");
    fs::permissions(hook, fs::perms::owner_all);
    Computer::write(gate, "");
    const Command command = world.laptop.command("sync-undo", {"--json"});
    run = std::make_unique<Program>(command.argv, world.path() / "undo.out", command.environment);
    wait_until([&] { return fs::exists(reached); }, "git moves main", std::chrono::seconds(60));
    BOOST_TEST(world.laptop.tip(notes, "refs/heads/topic") == "");
  }
  ~HalfUndone() { fs::remove(gate); }
  HalfUndone(const HalfUndone&) = delete;
  HalfUndone& operator=(const HalfUndone&) = delete;

  /// No run carries what was taken back to the server as if the user had deleted it.
  void expect_the_server_keeps_all() const {
    const std::string there = world.owner.refs(bare, "refs/heads");
    BOOST_TEST(world.laptop.run("sync-now").status == 3);  // main is rewound
    BOOST_TEST(world.owner.refs(bare, "refs/heads") == there);
    BOOST_TEST(world.laptop.tip(notes, "topic") == world.owner.tip(bare, "topic"));
  }
};

/// The folder is synced with a second server's repository, too.
struct TwoRemotes : InSync {
  fs::path spare = world.bare("spare");

  TwoRemotes() {
    world.owner.git(world.path(), {"clone", "--quiet", "--bare", bare.string(), spare.string()});
    world.laptop.conf(world.section("notes") +
                      "[git \"spare\"]\npath = ~/notes\nremote = backup\nurl = " + world.url("spare") + "\n");
    for (int run = 0; run < 2; ++run) expect_exit(world.laptop.run("sync-now"), 0);
  }
};

std::string message_in(const Json& document, const std::string& project) {
  const Json message = named(document.at("projects"), project).at("message");
  return message.is_null() ? "" : message.get<std::string>();
}

}  // namespace

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
  BOOST_TEST(fs::exists(notes / "new.txt"));

  const std::string after = world.laptop.refs(notes, "refs/heads");
  const Finished preview = world.laptop.run("sync-undo", {"--dry-run"});
  expect_exit(preview, 0);
  BOOST_TEST(contains(preview.out, "would be taken back: sync-pull"), preview.out);
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == after);
  const Finished run = world.laptop.run("sync-undo");
  expect_exit(run, 0);
  BOOST_TEST(contains(run.out, "taken back: sync-pull"), run.out);
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == before);
  BOOST_TEST(!fs::exists(notes / "new.txt"));
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
  BOOST_TEST(message_in(document, "notes") == "");  // nothing is taken back
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
  const Json foretold = report_of(world.laptop, "sync-undo", 3, {"--dry-run"});
  BOOST_TEST(branch_of(foretold, "notes", "main").at("reason") == "dirty");
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

BOOST_AUTO_TEST_CASE(a_pull_that_moved_nothing_is_not_what_is_taken_back) {
  const std::string before = world.laptop.tip(notes, "main");
  const auto change_there = [&](const std::string& content) {
    const fs::path work = world.owner.home() / "work";
    if (!fs::exists(work)) world.owner.git(world.path(), {"clone", "--quiet", bare.string(), work.string()});
    world.owner.commit(work, "f", content);
    world.owner.git(work, {"push", "--quiet", "origin", "main"});
  };
  change_there("1\n");
  expect_exit(world.laptop.run("sync-pull"), 0);
  change_there("2\n");
  Computer::write(notes / "f", "mine\n");
  for (int run = 0; run < 2; ++run) expect_exit(world.laptop.run("sync-pull"), 3);
  world.laptop.git(notes, {"checkout", "--quiet", "f"});
  const Finished run = world.laptop.run("sync-undo");
  expect_exit(run, 0);
  BOOST_TEST(contains(run.out, "taken back: sync-pull"), run.out);
  BOOST_TEST(world.laptop.tip(notes, "main") == before);
}

BOOST_AUTO_TEST_CASE(what_stays_is_told_apart_from_what_is_taken_back) {
  const std::string before = world.laptop.tip(notes, "branch-1");
  move(world.owner, bare, "branch-1", "branch-1");
  move(world.owner, bare, "topic", "main");
  expect_exit(world.laptop.run("sync-pull"), 0);
  world.laptop.git(notes, {"switch", "--quiet", "topic"});
  for (const std::string mode : {"--dry-run", "--verbose"}) {
    const Json document = report_of(world.laptop, "sync-undo", 3, {mode});
    BOOST_TEST(contains(message_in(document, "notes"), "taken back in part: sync-pull"), document.dump(2));
    const Json branch = branch_of(document, "notes", "topic");
    BOOST_TEST(branch.at("reason") == "checked-out");
    BOOST_TEST(branch.at("hint") == "git -C " + notes.string() + " switch main, then sync-undo");
  }
  BOOST_TEST(world.laptop.tip(notes, "branch-1") == before);
  world.laptop.git(notes, {"switch", "--quiet", "main"});
  const Json document = report_of(world.laptop, "sync-undo", 0);
  BOOST_TEST(contains(message_in(document, "notes"), "taken back: sync-pull"), document.dump(2));
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/topic") == "");
}

BOOST_AUTO_TEST_CASE(a_project_that_is_not_cloned_has_nothing_to_take_back) {
  world.laptop.conf(world.section("notes") + world.section("elsewhere"));
  expect_exit(world.laptop.run("sync-undo"), 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(half_undone, HalfUndone)

BOOST_AUTO_TEST_CASE(a_kill_in_the_middle_deletes_nothing_on_the_server) {
  kill(run->pid(), SIGKILL);
  run->wait();
  fs::remove(gate);
  expect_the_server_keeps_all();
}

BOOST_AUTO_TEST_CASE(a_second_undo_after_a_kill_deletes_nothing_on_the_server_either) {
  kill(run->pid(), SIGKILL);
  run->wait();
  fs::remove(gate);
  const Json document = report_of(world.laptop, "sync-undo", 0);
  BOOST_TEST(contains(message_in(document, "notes"), "taken back: sync-pull"), document.dump(2));
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/a") == "");
  expect_the_server_keeps_all();
}

BOOST_AUTO_TEST_CASE(ctrl_c_ends_it_between_two_branches_with_the_report) {
  kill(run->pid(), SIGINT);
  const fs::path status = "/proc/" + std::to_string(run->pid()) + "/status";
  wait_until([&] { return contains(content_of(status), "ShdPnd:\t0000000000000000"); }, "it has taken the signal");
  fs::remove(gate);
  BOOST_TEST(run->wait() == 128 + SIGINT);
  const std::string output = content_of(world.path() / "undo.out");
  const Json document = Json::parse(output.substr(output.find('{')));
  BOOST_TEST(document.at("exit") == 130);
  BOOST_TEST(branch_of(document, "notes", "topic").at("action") == "delete");
  BOOST_TEST(message_in(document, "notes").starts_with("taken back in part: sync-pull"));
  BOOST_TEST(message_in(document, "notes").ends_with("interrupted"));
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/a") != "");
  expect_exit(world.laptop.run("sync-undo"), 0);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/a") == "");
  expect_the_server_keeps_all();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(two_remotes, TwoRemotes)

BOOST_AUTO_TEST_CASE(what_one_run_did_with_both_is_taken_back_at_once) {
  const std::string before = world.laptop.refs(notes, "refs/heads");
  move(world.owner, bare, "new-1", "main");
  const std::string middle = move(world.owner, bare, "main", "main");
  world.owner.git(spare, {"fetch", "--quiet", bare.string(), "main"});
  move(world.owner, spare, "new-2", "main");
  move(world.owner, spare, "main", middle);
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(world.laptop.tip(notes, "main~2") != "");
  BOOST_TEST(world.laptop.tip(notes, "new-2") != "");
  expect_exit(world.laptop.run("sync-undo"), 0);
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == before);
  BOOST_TEST(contains(world.laptop.run("sync-undo").out, "without anything to take back"));
}

BOOST_AUTO_TEST_CASE(what_came_from_one_server_is_not_deleted_on_the_other) {
  const std::string tip = move(world.owner, bare, "topic", "main");
  expect_exit(world.laptop.run("sync-pull", {"notes"}), 0);
  expect_exit(world.laptop.run("sync-push", {"spare"}), 0);
  BOOST_TEST(world.owner.tip(spare, "topic") == tip);
  expect_exit(world.laptop.run("sync-undo", {"notes"}), 0);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/topic") == "");
  expect_exit(world.laptop.run("sync-push", {"spare"}), 0);
  BOOST_TEST(world.owner.tip(spare, "topic") == tip);
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
  world.laptop.git(notes, {"switch", "--quiet", "branch-1"});
  for (const std::string mode : {"--dry-run", "--verbose"}) {
    const Json branch =
        branch_of(report_of(world.laptop, "sync-delete", 3, {"-p", "notes", mode, "branch-1"}), "notes", "branch-1");
    BOOST_TEST(branch.at("reason") == "checked-out");
    BOOST_TEST(branch.at("hint") == "git -C " + notes.string() + " switch main, then sync-delete -p notes branch-1");
    const Json head =
        branch_of(report_of(world.laptop, "sync-delete", 3, {"-p", "notes", mode, "main"}), "notes", "main");
    BOOST_TEST(head.at("reason") == "protected");
  }
  world.laptop.git(notes, {"switch", "--quiet", "main"});
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "--dry-run", "branch-1"}), 0);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/branch-1") != "");
  expect_exit(world.laptop.run("sync-delete", {"branch-1"}), 2);  // no project holds the home folder
}

BOOST_AUTO_TEST_CASE(a_name_that_means_another_branch_is_told_with_the_command_that_is_meant) {
  const auto hint_for = [&](const std::string& branch) {
    const Json document = report_of(world.laptop, "sync-delete", 1, {"-p", "notes", branch});
    return named(document.at("projects"), "notes").at("hint").get<std::string>();
  };
  BOOST_TEST(hint_for("origin/branch-1") == "sync-delete branch-1");
  BOOST_TEST(hint_for("refs/heads/branch-1") == "sync-delete branch-1");
  world.laptop.git(notes, {"branch", "--quiet", "-D", "branch-1"});
  BOOST_TEST(hint_for("branch-1") == "git -C " + notes.string() + " push origin --delete branch-1");
}

BOOST_AUTO_TEST_CASE(a_branch_that_git_pushed_by_hand_goes_too) {
  world.laptop.git(notes, {"branch", "topic"});
  world.laptop.git(notes, {"update-ref", "refs/remotes/origin/topic", "topic"});
  world.owner.git(bare, {"branch", "topic", "main"});
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "topic"}), 0);
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(world.owner.tip(bare, "refs/heads/topic") == "");
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/topic") == "");
}

BOOST_AUTO_TEST_CASE(where_the_server_keeps_the_branch_that_is_told) {
  move(world.owner, bare, "branch-2", "branch-2");
  expect_exit(world.laptop.run("sync-status", {"--fetch"}), 0);
  const Json moved =
      branch_of(report_of(world.laptop, "sync-delete", 3, {"-p", "notes", "branch-2"}), "notes", "branch-2");
  BOOST_TEST(moved.at("reason") == "deleted");
  BOOST_TEST(moved.at("message") ==
             "deleted here; the server has other commits for it, and keeps it; the next pull makes it here again");
  BOOST_TEST(moved.at("hint") == "to delete it there too: git -C " + notes.string() + " push origin --delete branch-2");
  struct Row {
    std::string key;
    std::string why;
  };
  for (const Row& row : {Row{"branches = !branch-*", "branches leaves it out"},
                         Row{"deletions = keep", "deletions = keep"}, Row{"direction = pull", "direction = pull"}}) {
    world.laptop.conf(world.section("notes", row.key + "\n"));
    const Json document = report_of(world.laptop, "sync-delete", 0, {"-p", "notes", "-n", "branch-1"});
    BOOST_TEST(branch_of(document, "notes", "branch-1").at("message") == "the server keeps it: " + row.why);
  }
}

BOOST_AUTO_TEST_CASE(a_branch_deleted_in_several_projects_comes_back_in_all) {
  world.add_repository("more", {.branches = 2, .commits = 1});
  world.laptop.conf(world.section("notes") + world.section("more"));
  expect_exit(world.laptop.run("sync-now"), 0);
  const fs::path more = world.laptop.project("more");
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "-p", "more", "branch-1"}), 0);
  BOOST_TEST(world.laptop.tip(more, "refs/heads/branch-1") == "");
  expect_exit(world.laptop.run("sync-undo"), 0);
  for (const fs::path& project : {notes, more}) BOOST_TEST(world.laptop.tip(project, "refs/heads/branch-1") != "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
