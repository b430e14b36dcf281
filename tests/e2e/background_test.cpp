// Syncing by itself: real hooks, the queue, and the worker.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "background.hpp"
#include "expect.hpp"
#include "support/faulty_line.hpp"
#include "support/loopback.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// Two computers with a project, and hooks in it.
struct World : Sandbox {
  fs::path notes = laptop.project("notes");
  fs::path pushes = path() / "pushes";

  World() {
    add_repository("notes", {.branches = 2});
    // A line for each push that the server takes.
    const fs::path hook = bare("notes") / "hooks/post-receive";
    Computer::write(hook, "#!/bin/sh\ncat >/dev/null\necho push >>'" + pushes.string() + "'\n");
    fs::permissions(hook, fs::perms::owner_all);
    for (const Computer* const computer : {&laptop, &desktop}) {
      computer->conf(section("notes"));
      expect_exit(computer->run("sync-pull"), 0);
      install_hooks(*computer, "notes");
    }
  }
  ~World() {
    for (const Computer* const computer : {&laptop, &desktop}) end_worker(*computer);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A worker would outlive a test that fails.
  static void end_worker(const Computer& computer) {
    for (const pid_t worker : workers(computer)) kill(worker, SIGKILL);
  }
  static std::vector<pid_t> workers(const Computer& computer) {
    std::vector<pid_t> found;
    for (const pid_t pid : processes_with("libexec/syncmanager/worker")) {
      const std::string variables = content_of(fmt::format("/proc/{}/environ", pid));
      if (contains(variables, "HOME=" + computer.home().string() + '\0')) found.push_back(pid);
    }
    return found;
  }

  [[nodiscard]] std::size_t count_pushes() const {
    const std::string lines = content_of(pushes);
    return static_cast<std::size_t>(std::ranges::count(lines, '\n'));
  }
  [[nodiscard]] int logins() const {
    const std::string log = server.log();
    int count = 0;
    for (std::size_t at = 0; (at = log.find("Accepted publickey", at)) != std::string::npos; ++at) ++count;
    return count;
  }
  [[nodiscard]] std::string there(const std::string& branch) const { return owner.tip(bare("notes"), branch); }
};

/// A round takes two seconds of waiting for quiet: $SYNC_TEST_ROUNDS asks for more of them.
int rounds_to_take() {
  constexpr int few = 10;
  const char* const wanted = std::getenv("SYNC_TEST_ROUNDS");
  return wanted == nullptr ? few : std::atoi(wanted);
}

std::string status_text(const Computer& computer) {
  return computer.run("sync-status").out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(background)

BOOST_AUTO_TEST_CASE(commits_reach_the_server_by_themselves) {
  const World world;
  const std::string tip = world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("main") == tip);
  world.laptop.git(world.notes, {"commit", "--quiet", "--amend", "--message", "amended"});
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("main") == world.laptop.tip(world.notes, "main"));
  world.laptop.git(world.notes, {"switch", "--quiet", "--create", "topic"});
  world.laptop.commit(world.notes, "b.txt", "b\n");
  world.laptop.git(world.notes, {"switch", "--quiet", "main"});
  world.laptop.git(world.notes, {"merge", "--quiet", "--no-ff", "--no-edit", "topic"});
  wait_until_synced(world.laptop);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_rebase_of_fifty_commits_is_one_push) {
  const World world;
  world.laptop.git(world.notes, {"switch", "--quiet", "--create", "topic", "main~1"});
  for (int number = 0; number < 50; ++number)
    world.laptop.commit(world.notes, "topic.txt", std::to_string(number) + "\n");
  wait_until_synced(world.laptop);
  const std::size_t before = world.count_pushes();
  world.laptop.git(world.notes, {"rebase", "--quiet", "main"});
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("topic") == world.laptop.tip(world.notes, "topic"));
  BOOST_TEST(world.count_pushes() - before == 1U);
}

BOOST_AUTO_TEST_CASE(a_rebase_that_stops_is_synced_when_it_has_ended) {
  const World world;
  world.laptop.git(world.notes, {"switch", "--quiet", "--create", "topic"});
  world.laptop.commit(world.notes, "a.txt", "topic\n");
  wait_until_synced(world.laptop);
  world.laptop.git(world.notes, {"switch", "--quiet", "main"});
  world.laptop.commit(world.notes, "a.txt", "main\n");
  wait_until_synced(world.laptop);
  const std::string before = world.there("topic");
  BOOST_CHECK_THROW(world.laptop.git(world.notes, {"rebase", "--quiet", "main", "topic"}), std::runtime_error);
  Computer::write(world.notes / "a.txt", "both\n");
  world.laptop.git(world.notes, {"add", "a.txt"});
  world.laptop.git(world.notes, {"-c", "core.editor=true", "commit", "--quiet"});  // by hand, in the middle of it
  wait_until_synced(world.laptop);  // there is nothing that could be moved yet
  BOOST_TEST(world.there("topic") == before);
  world.laptop.git(world.notes, {"-c", "core.editor=true", "rebase", "--continue"});
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("topic") == world.laptop.tip(world.notes, "topic"));
}

BOOST_AUTO_TEST_CASE(a_linked_worktree_commits_as_well) {
  const World world;
  world.laptop.git(world.notes, {"worktree", "add", "--quiet", "-b", "linked", "../linked"});
  world.laptop.commit(world.laptop.project("linked"), "a.txt", "a\n");
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("linked") == world.laptop.tip(world.notes, "linked"));
}

BOOST_AUTO_TEST_CASE(who_captures_gits_output_does_not_wait_for_a_server_that_hangs) {
  World world;
  FaultyLine line(world.server.port());
  line.follow({.fault = FaultyLine::Fault::freezes, .bytes = 0, .connections = 100});
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config_by(line.port(), "frozen"));
  const auto begin = std::chrono::steady_clock::now();
  world.laptop.commit(world.notes, "a.txt", "a\n");  // reads both streams to their end
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  wait_until([&] { return worker_runs(world.laptop); }, "the worker runs");
  BOOST_TEST(time.count() < 5.0);
  BOOST_TEST(queued(world.laptop) == 1U);
}

BOOST_AUTO_TEST_CASE(the_worker_logs_in_while_it_waits_for_quiet) {
  const World world;
  const std::string before = world.there("main");
  const int known = world.logins();
  const auto login_in_all_the_noise = [&] {
    world.laptop.commit(world.notes, "a.txt", std::to_string(queued(world.laptop)) + "\n");
    return world.logins() > known;
  };
  wait_until(login_in_all_the_noise, "the worker logs in");
  BOOST_TEST(world.there("main") == before);
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("main") == world.laptop.tip(world.notes, "main"));
  BOOST_TEST(world.logins() - known == 1);
}

BOOST_AUTO_TEST_CASE(a_login_that_fails_before_the_push_is_not_tried_again_for_it) {
  World world;
  const TestServer another;
  const std::string unknown = another.client() / "id_ed25519";
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config("unknown", {"IdentityFile " + unknown}));
  const int before = world.server.connections();
  expect_exit(world.laptop.run("sync-push"), 5);
  const int by_hand = world.server.connections() - before;
  world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until_tried(world.laptop);
  BOOST_TEST(world.server.connections() - before == 2 * by_hand);
}

BOOST_AUTO_TEST_CASE(the_agent_is_looked_for_once_for_the_login_and_the_push) {
  const World world;
  world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until_synced(world.laptop);
  const std::string log = content_of(worker_log(world.laptop));
  constexpr std::string_view looked = "SSH_AUTH_SOCK is not set";
  BOOST_TEST(contains(log, looked), log);
  BOOST_TEST(log.find(looked) == log.rfind(looked), log);
}

BOOST_AUTO_TEST_CASE(what_has_arrived_waits_for_no_login_on_a_server_that_was_left_meanwhile) {
  const World world;
  int port = 0;
  const Fd silent = listen_on_loopback(port);
  world.laptop.conf(fmt::format("[git \"notes\"]\npath = ~/notes\nurl = ssh://127.0.0.1:{}/notes.git\n", port));
  std::string tip;
  const auto login_in_all_the_noise = [&] {
    tip = world.laptop.commit(world.notes, "a.txt", std::to_string(queued(world.laptop)) + "\n");
    pollfd polled{silent.get(), POLLIN, 0};
    return poll(&polled, 1, 0) > 0;
  };
  wait_until(login_in_all_the_noise, "the worker tries to log in");
  world.laptop.conf(world.section("notes"));
  // Long before the login is given up, which takes half a minute.
  wait_until([&] { return queued(world.laptop) == 0; }, "the queue is worked off", std::chrono::seconds(15));
  BOOST_TEST(world.there("main") == tip);
}

BOOST_AUTO_TEST_CASE(a_line_that_breaks_before_the_push_costs_no_try) {
  World world;
  FaultyLine line(world.server.port());
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config_by(line.port(), "faulty"));
  world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until([&] { return contains(content_of(worker_log(world.laptop)), "logged in"); }, "the worker logs in");
  line.follow({});
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("main") == world.laptop.tip(world.notes, "main"));
  BOOST_TEST(!contains(content_of(worker_log(world.laptop)), "offline"), content_of(worker_log(world.laptop)));
}

BOOST_AUTO_TEST_CASE(a_worker_ends_at_once_while_a_login_hangs) {
  World world;
  FaultyLine line(world.server.port());
  line.follow({.fault = FaultyLine::Fault::freezes, .bytes = 0, .connections = 100});
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config_by(line.port(), "frozen"));
  world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until([&] { return line.connections() > 0; }, "the worker connects");
  for (const pid_t worker : World::workers(world.laptop)) kill(worker, SIGTERM);
  wait_until([&] { return World::workers(world.laptop).empty(); }, "it ends", std::chrono::seconds(5));
  BOOST_TEST(queued(world.laptop) == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_committed_offline_arrives_later) {
  World world;
  world.server.stop();
  for (int number = 0; number < 5; ++number) world.laptop.commit(world.notes, "a.txt", std::to_string(number) + "\n");
  wait_until_tried(world.laptop);
  BOOST_TEST(queued(world.laptop) == 1U);  // one says as much as five
  BOOST_TEST(contains(status_text(world.laptop), "commit queued just now, tried once, next "),
             status_text(world.laptop));
  const Json queue = report_of(world.laptop, "sync-status", 0).at("queue");
  BOOST_REQUIRE(queue.size() == 1U);
  BOOST_TEST(queue.at(0).at("project") == "notes");
  BOOST_TEST(queue.at(0).at("event") == "commit");
  BOOST_TEST(queue.at(0).at("attempts") == 1);
  BOOST_TEST(!queue.at(0).at("next_try").is_null());
  world.server.start();
  world.laptop.commit(world.notes, "b.txt", "the network is back\n");
  wait_until_synced(world.laptop);
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_TEST(report_of(world.laptop, "sync-status", 0).at("queue").empty());
}

BOOST_AUTO_TEST_CASE(a_run_by_hand_settles_the_queue) {
  World world;
  world.server.stop();
  world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until_tried(world.laptop);
  World::end_worker(world.laptop);
  // None that a tool starts gets on with it meanwhile.
  const auto lock = hold_worker_lock(world.laptop);
  world.server.start();
  expect_exit(world.laptop.run("sync-pull"), 0);  // pushes nothing
  expect_exit(world.laptop.run("sync-push", {"-n"}), 0);
  const fs::path other = world.laptop.home() / "other.conf";  // the same repository, another server
  world.add_empty_repository("other");
  Computer::write(other,
                  fmt::format("[git \"notes\"]\npath = ~/notes\nremote = other\nurl = {}\n", world.url("other")));
  expect_exit(world.laptop.run("sync-push", {"-f", other.string()}), 0);
  BOOST_TEST(queued(world.laptop) == 1U);
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(queued(world.laptop) == 0U);
}

BOOST_AUTO_TEST_CASE(a_worker_that_is_killed_anywhere_forgets_and_doubles_nothing) {
  const World world;
  for (int number = 0; number < 12; ++number) {
    const std::string tip = world.laptop.commit(world.notes, "a.txt", std::to_string(number) + "\n");
    wait_until([&] { return !World::workers(world.laptop).empty(); }, "a worker runs");
    // Later and later in its work; most of the time it waits for quiet.
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(940 + 20 * number);
    wait_until([&] { return std::chrono::steady_clock::now() >= end; }, "it is somewhere in its work");
    World::end_worker(world.laptop);
    wait_for_worker(world.laptop);
    const bool arrived = world.there("main") == tip;
    BOOST_TEST((arrived || queued(world.laptop) > 0));
  }
  world.laptop.commit(world.notes, "b.txt", "the last one\n");
  wait_until_synced(world.laptop);
  expect_equal_refs(world, world.laptop, "notes");
  world.owner.git(world.bare("notes"), {"fsck", "--strict"});
}

BOOST_AUTO_TEST_CASE(a_checkout_brings_what_the_server_has) {
  const World world;
  world.desktop.git(world.desktop.project("notes"), {"switch", "--quiet", "branch-1"});
  wait_until_synced(world.desktop);
  const std::string tip = world.desktop.commit(world.desktop.project("notes"), "a.txt", "a\n");
  wait_until_synced(world.desktop);
  world.laptop.git(world.notes, {"switch", "--quiet", "branch-1"});
  wait_until_synced(world.laptop);
  BOOST_TEST(world.laptop.tip(world.notes, "HEAD") == tip);
  BOOST_TEST(content_of(world.notes / "a.txt") == "a\n");
}

BOOST_AUTO_TEST_CASE(a_checkout_moves_no_tree_with_changes_until_they_are_gone) {
  const World world;
  const std::string tip = world.desktop.commit(world.desktop.project("notes"), "a.txt", "a\n");
  wait_until_synced(world.desktop);
  const std::string before = world.laptop.tip(world.notes, "main");
  Computer::write(world.notes / "mine.txt", "staged\n");
  world.laptop.git(world.notes, {"add", "mine.txt"});
  world.laptop.git(world.notes, {"checkout", "--quiet", "main"});
  wait_until_tried(world.laptop);
  BOOST_TEST(world.laptop.tip(world.notes, "main") == before);
  BOOST_TEST(contains(content_of(worker_log(world.laptop)), "its working tree has changes here"));
  BOOST_TEST(contains(status_text(world.laptop), "its working tree has changes here"), status_text(world.laptop));
  world.laptop.git(world.notes, {"reset", "--quiet"});
  wait_until_synced(world.laptop);  // by its next try
  BOOST_TEST(world.laptop.tip(world.notes, "main") == tip);
  BOOST_TEST(content_of(world.notes / "mine.txt") == "staged\n");
}

BOOST_AUTO_TEST_CASE(a_tree_that_git_cannot_look_at_is_not_moved) {
  const World world;
  world.desktop.commit(world.desktop.project("notes"), "a.txt", "a\n");
  wait_until_synced(world.desktop);
  const std::string before = world.laptop.tip(world.notes, "main");
  Computer::write(world.notes / "mine.txt", "staged\n");
  world.laptop.git(world.notes, {"add", "mine.txt"});
  world.laptop.git(world.notes, {"config", "status.showUntrackedFiles", "a mistake"});  // git status fails, no more
  world.laptop.git(world.notes, {"checkout", "--quiet", "main"});
  wait_until_tried(world.laptop);
  BOOST_TEST(world.laptop.tip(world.notes, "main") == before);
}

BOOST_AUTO_TEST_CASE(files_queue_nothing) {
  const World world;
  Computer::write(world.notes / "file-0.txt", "changed\n");
  world.laptop.git(world.notes, {"checkout", "--quiet", "--", "."});
  BOOST_TEST(queued(world.laptop) == 0U);
  BOOST_TEST(!worker_runs(world.laptop));
}

BOOST_AUTO_TEST_CASE(a_bisect_moves_nothing_here) {
  const World world;
  for (const std::string name : {"a.txt", "b.txt", "c.txt", "d.txt"}) world.laptop.commit(world.notes, name, name);
  wait_until_synced(world.laptop);
  expect_exit(world.desktop.run("sync-pull"), 0);
  world.desktop.git(world.desktop.project("notes"), {"switch", "--quiet", "branch-1"});
  const std::string tip = world.desktop.commit(world.desktop.project("notes"), "e.txt", "e\n");
  wait_until_synced(world.desktop);
  const std::string before = world.laptop.refs(world.notes, "refs/heads");
  world.laptop.git(world.notes, {"bisect", "start", "main", "main~3"});
  wait_until_tried(world.laptop);
  BOOST_TEST(world.laptop.refs(world.notes, "refs/heads") == before);
  BOOST_TEST(contains(content_of(worker_log(world.laptop)), "a bisect is under way here"));
  world.laptop.git(world.notes, {"bisect", "reset"});  // checks the branch out again
  wait_until_synced(world.laptop);
  BOOST_TEST(world.laptop.tip(world.notes, "branch-1") == tip);
}

BOOST_AUTO_TEST_CASE(what_a_run_does_itself_queues_nothing) {
  const World world;
  world.desktop.commit(world.desktop.project("notes"), "a.txt", "a\n");
  wait_until_synced(world.desktop);
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(content_of(world.notes / "a.txt") == "a\n");
  BOOST_TEST(queued(world.laptop) == 0U);
  BOOST_TEST(!worker_runs(world.laptop));
}

BOOST_AUTO_TEST_CASE(two_computers_that_take_turns_end_equal) {
  const World world;
  const fs::path desk = world.desktop.project("notes");
  const int rounds = rounds_to_take();
  for (int round = 0; round < rounds; ++round) {
    const bool odd = round % 2 != 0;
    const Computer& writer = odd ? world.desktop : world.laptop;
    const Computer& reader = odd ? world.laptop : world.desktop;
    const std::string tip = writer.commit(odd ? desk : world.notes, "a.txt", std::to_string(round) + "\n");
    wait_until([&] { return world.there("main") == tip; }, "the commit arrives", std::chrono::seconds(30));
    reader.git(odd ? world.notes : desk, {"checkout", "--quiet", "main"});  // a branch checkout: it pulls
    wait_until([&] { return reader.tip(odd ? world.notes : desk, "main") == tip; }, "the other computer has it",
               std::chrono::seconds(30));
  }
  for (const Computer* const computer : {&world.laptop, &world.desktop}) {
    wait_until_synced(*computer);
    expect_equal_refs(world, *computer, "notes");
  }
}

BOOST_AUTO_TEST_CASE(a_gui_without_path_agent_and_terminal_will_do) {
  World world;
  world.laptop.set("PATH", "/usr/bin:/bin");
  world.laptop.set("SSH_AUTH_SOCK", "/nowhere/agent");
  const std::string tip = world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("main") == tip);
}

BOOST_AUTO_TEST_CASE(a_hook_that_cannot_queue_says_so_and_the_commit_stands) {
  const World world;
  fs::create_directories(queue_of(world.laptop).parent_path());
  fs::remove_all(queue_of(world.laptop));
  Computer::write(queue_of(world.laptop), "in the way\n");
  Computer::write(world.notes / "a.txt", "a\n");
  Command command{{"git", "-C", world.notes.string(), "commit", "--all", "--allow-empty", "--quiet", "-m", "first"},
                  world.laptop.environment(),
                  world.laptop.home()};
  const Finished commit = run(command, "", std::chrono::seconds(10));
  BOOST_TEST(commit.status == 0);
  BOOST_TEST(contains(commit.err, "sync: this is not going to be synced by itself: "), commit.err);
  BOOST_TEST(std::ranges::count(commit.err, '\n') == 1);
}

BOOST_AUTO_TEST_CASE(a_problem_is_shown_once) {
  World world;
  // A notify-send that writes down what it is asked to show.
  const fs::path shown = world.path() / "shown";
  const fs::path program = world.path() / "bin/notify-send";
  Computer::write(program,
                  "#!/bin/sh\nprintf '%s|' \"$@\" >>'" + shown.string() + "'\necho >>'" + shown.string() + "'\n");
  fs::permissions(program, fs::perms::owner_all);
  world.laptop.set("PATH", program.parent_path().string() + ":/usr/bin:/bin");
  world.desktop.commit(world.desktop.project("notes"), "a.txt", "theirs\n");
  wait_until_synced(world.desktop);
  for (int number = 0; number < 3; ++number) {
    world.laptop.commit(world.notes, "a.txt", std::to_string(number) + "\n");
    wait_until_tried(world.laptop);
    wait_for_worker(world.laptop);
  }
  const std::string lines = content_of(shown);
  BOOST_TEST(lines.find("--app-name") == lines.rfind("--app-name"), lines);
  BOOST_TEST(contains(lines, "|--|notes needs you|main: both sides moved"), lines);
  BOOST_TEST(contains(status_text(world.laptop), "waits for you"), status_text(world.laptop));
  // The work is on the server all the same.
  BOOST_TEST(world.owner.tip(world.bare("notes"), "refs/sync/laptop/heads/main") ==
             world.laptop.tip(world.notes, "main"));
  world.laptop.git(world.notes, {"merge", "--quiet", "--strategy-option=ours", "--no-edit", "origin/main"});
  wait_until_synced(world.laptop);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(the_log_is_bounded) {
  const World world;
  Computer::write(worker_log(world.laptop), std::string(300 * 1024, 'x') + "\n");
  world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until_synced(world.laptop);
  BOOST_TEST(fs::file_size(worker_log(world.laptop)) < 10U * 1024);
  BOOST_TEST(fs::file_size(worker_log(world.laptop).string() + ".1") > 250U * 1024);
  BOOST_TEST(contains(content_of(worker_log(world.laptop)), "sync-push"));
}

BOOST_AUTO_TEST_CASE(what_is_for_another_environment_waits_for_a_worker_of_that_one) {
  World world;
  world.laptop.conf(world.section("notes", "env = home"));
  const std::string tip = world.laptop.commit(world.notes, "a.txt", "a\n");  // by a GUI, which knows no $SYNC_ENV
  wait_until_tried(world.laptop);
  BOOST_TEST((queued(world.laptop) > 0 || world.there("main") == tip));
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_repository_that_is_away_waits_on) {
  World world;
  world.server.stop();
  world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until_tried(world.laptop);
  const fs::path away = world.laptop.project("unmounted");
  fs::rename(world.notes, away);
  world.server.start();
  // The next try is due ten seconds after the first one.
  const auto later = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  wait_until([&] { return std::chrono::steady_clock::now() >= later || queued(world.laptop) == 0; }, "the next try",
             std::chrono::seconds(30));
  BOOST_TEST(queued(world.laptop) == 1U);
  fs::rename(away, world.notes);
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_remote_that_cannot_be_read_waits_on) {
  const World world;
  world.add_empty_repository("other");
  // The second remote of the same repository; a mistake hides it.
  world.laptop.conf(
      fmt::format("[git \"other\"]\npath = ~/notes\nremote = other\nurl = {}\nbogus = 1\n", world.url("other")),
      "other.conf");
  const std::string tip = world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_until([&] { return world.there("main") == tip; }, "the remote that can be read has it");
  wait_for_worker(world.laptop);
  BOOST_TEST(queued(world.laptop) == 1U);
}

BOOST_AUTO_TEST_CASE(a_commit_during_a_run_by_hand_that_settles_an_older_one_arrives) {
  World world;
  world.server.stop();
  world.laptop.commit(world.notes, "a.txt", "first\n");
  wait_until_tried(world.laptop);
  World::end_worker(world.laptop);
  const fs::path begun = world.path() / "begun";
  const fs::path go = world.path() / "go";
  const fs::path hook = world.bare("notes") / "hooks/pre-receive";
  Computer::write(
      hook, fmt::format("#!/bin/sh\n>'{}'\nwhile [ ! -e '{}' ]; do sleep 0.1; done\n", begun.string(), go.string()));
  fs::permissions(hook, fs::perms::owner_all);
  world.server.start();
  Child by_hand(world.laptop.command("sync-now", {}));
  wait_until([&] { return fs::exists(begun); }, "the run by hand pushes");
  const std::string tip = world.laptop.commit(world.notes, "a.txt", "second\n");
  // The worker waits for the repository's lock ten seconds, and comes back to it later.
  wait_until([&] { return contains(content_of(worker_log(world.laptop)), "another run works on it"); },
             "the worker meets the lock", std::chrono::seconds(30));
  wait_until_tried(world.laptop);
  Computer::write(go, "");
  BOOST_TEST(by_hand.wait() == 0);
  wait_until_synced(world.laptop);
  BOOST_TEST(world.there("main") == tip);
}

BOOST_AUTO_TEST_CASE(what_is_in_the_queue_by_mistake_stops_nobody) {
  const World world;
  fs::create_directories(queue_of(world.laptop) / "folder");
  const std::string tip = world.laptop.commit(world.notes, "a.txt", "a\n");
  wait_for_worker(world.laptop);
  wait_until([&] { return world.there("main") == tip; }, "the commit arrives");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
