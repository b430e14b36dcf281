// A run that is killed in the middle of a checkout, and git with it: the next run puts it right, and loses nothing.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// The laptop has yet to pull a commit of four files, and its git waits at one of them for as long as there is a gate.
struct Gated {
  Sandbox world;
  fs::path notes = world.laptop.project("notes");
  fs::path gate = world.path() / "gate";
  fs::path reached = world.path() / "reached";
  fs::path filter = world.path() / "filter";
  std::string tip;

  Gated() {
    world.add_repository("notes");
    for (const Computer* computer : {&world.desktop, &world.laptop}) computer->conf(world.section("notes"));
    expect_exit(world.desktop.run("sync-pull"), 0);
    change_on_the_desktop("old\n");
    expect_exit(world.laptop.run("sync-pull"), 0);
    tip = change_on_the_desktop("new\n");
    Computer::write(filter, "#!/bin/sh\ncat\ntouch '" + reached.string() + "'\nwhile [ -e '" + gate.string() +
                                "' ]; do sleep 0.1; done\n");
    fs::permissions(filter, fs::perms::owner_all);
    Computer::write(notes / ".git/info/attributes", "slow.txt filter=slow\n");
    world.laptop.git(notes, {"config", "filter.slow.smudge", filter.string()});
    world.laptop.git(notes, {"config", "filter.slow.required", "true"});
    world.laptop.git(notes, {"config", "filter.slow.clean", "cat"});
    Computer::write(gate, "");
  }
  ~Gated() { fs::remove(gate); }
  Gated(const Gated&) = delete;
  Gated& operator=(const Gated&) = delete;

  std::string change_on_the_desktop(const std::string& content) const {
    const fs::path there = world.desktop.project("notes");
    for (const std::string name : {"a.txt", "slow.txt", "z.txt", content == "new\n" ? "added.txt" : "kept.txt"})
      Computer::write(there / name, name + " " + content);
    world.desktop.git(there, {"add", "--all"});
    world.desktop.git(there, {"commit", "--quiet", "--message", content});
    expect_exit(world.desktop.run("sync-push"), 0);
    return world.desktop.tip(there, "HEAD");
  }

  /// Runs sync-pull until git waits at the gate, and kills it there.
  void kill_at_the_gate(bool with_git) const {
    const Command command = world.laptop.command("sync-pull", {});
    Program run(command.argv, world.path() / "killed.out", command.environment);
    wait_until([&] { return fs::exists(reached); }, "git is in the middle", std::chrono::seconds(60));
    kill(run.pid(), SIGKILL);
    run.wait();
    if (!with_git) return;
    for (const pid_t git : processes_with(tip)) kill(git, SIGKILL);
    wait_until([&] { return processes_with(tip).empty(); }, "git is dead");
    fs::remove(gate);
    BOOST_TEST(content_of(notes / "added.txt") == "added.txt new\n");
    BOOST_TEST(fs::exists(notes / ".git/index.lock"));
  }

  [[nodiscard]] std::string status() const { return world.laptop.git(notes, {"status", "--porcelain"}); }
  [[nodiscard]] static std::string message_of(const Json& report) {
    return named(report.at("projects"), "notes").at("message");
  }

  void expect_all_is_well() const {
    BOOST_TEST(status() == "");
    BOOST_TEST(content_of(notes / "slow.txt") == "slow.txt new\n");
    expect_equal_refs(world, world.laptop, "notes");
    world.laptop.git(notes, {"fsck", "--strict"});
    BOOST_TEST(!fs::exists(notes / ".git/index.lock"));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(killed, Gated)

BOOST_AUTO_TEST_CASE(a_checkout_that_was_killed_is_taken_back_and_made_again) {
  kill_at_the_gate(true);
  const std::string message = message_of(report_of(world.laptop, "sync-pull", 0));
  BOOST_TEST(message == "main was half moved by a run that was killed: taken back");
  expect_all_is_well();
  BOOST_TEST(named(report_of(world.laptop, "sync-pull", 0).at("projects"), "notes").at("message").is_null());
}

BOOST_AUTO_TEST_CASE(what_the_user_has_edited_since_survives_and_is_named) {
  kill_at_the_gate(true);
  Computer::write(notes / "z.txt", "edited\n");
  const Json report = report_of(world.laptop, "sync-pull", 3);
  BOOST_TEST(contains(message_of(report), "taken back, but for what is changed by you: z.txt"), message_of(report));
  BOOST_TEST(branch_of(report, "notes", "main").at("files") == Json::array({"z.txt"}));
  BOOST_TEST(status() == " M z.txt");
  BOOST_TEST(content_of(notes / "z.txt") == "edited\n");
  BOOST_TEST(content_of(notes / "slow.txt") == "slow.txt old\n");
  world.laptop.git(notes, {"checkout", "--quiet", "z.txt"});
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_all_is_well();
}

BOOST_AUTO_TEST_CASE(a_git_that_outlives_its_run_is_waited_for) {
  kill_at_the_gate(false);
  const Json report = report_of(world.laptop, "sync-pull", 6, {"--lock-timeout", "0"});
  BOOST_TEST(contains(message_of(report), "git is at work in"), message_of(report));
  fs::remove(gate);
  expect_exit(world.laptop.run("sync-pull", {"--lock-timeout", "60"}), 0);
  expect_all_is_well();
}

BOOST_AUTO_TEST_CASE(a_lock_of_somebody_else_is_named_and_stays) {
  kill_at_the_gate(true);
  const fs::path lock = notes / ".git/index.lock";
  fs::remove(lock);
  Computer::write(lock, "");
  Json report = report_of(world.laptop, "sync-pull", 6);
  BOOST_TEST(contains(message_of(report), ".git/index.lock is less than a minute old"), message_of(report));
  BOOST_TEST(contains(named(report.at("projects"), "notes").at("hint").get<std::string>(), ": rm "));
  BOOST_TEST(fs::exists(lock));
  fs::remove(lock);
  report = report_of(world.laptop, "sync-undo", 0);
  BOOST_TEST(contains(message_of(report), "main was half moved by a run that was killed: taken back"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_all_is_well();
}

BOOST_AUTO_TEST_CASE(a_checkout_in_which_git_fails_is_taken_back_at_once) {
  const std::string works = content_of(filter);
  Computer::write(filter, "#!/bin/sh\ngrep old\n");
  const Json branch = branch_of(report_of(world.laptop, "sync-pull", 1), "notes", "main");
  BOOST_TEST(contains(branch.at("message").get<std::string>(), "what it had done is taken back"), branch.dump(2));
  BOOST_TEST(status() == "");
  BOOST_TEST(!fs::exists(notes / "added.txt"));
  Computer::write(filter, "#!/bin/sh\nexit 1\n");  // the old file is not to be had, either
  expect_exit(world.laptop.run("sync-pull"), 1);
  BOOST_TEST(status() == " D slow.txt");
  fs::remove(gate);
  Computer::write(filter, works);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_all_is_well();
}

BOOST_AUTO_TEST_CASE(what_a_failing_filter_leaves_half_moved_is_put_right_by_the_next_run) {
  const fs::path there = world.desktop.project("notes");
  world.desktop.git(there, {"commit", "--quiet", "--amend", "--message", "rewritten"});
  expect_exit(world.desktop.run("sync-push"), 0);
  const std::string good = content_of(filter);
  Computer::write(filter, "#!/bin/sh\nexit 1\n");
  const Json failed = branch_of(report_of(world.laptop, "sync-pull", 1), "notes", "main");
  BOOST_TEST(contains(failed.at("message").get<std::string>(), "half moved"), failed.dump());
  fs::remove(gate);
  Computer::write(filter, good);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_all_is_well();
}

BOOST_AUTO_TEST_CASE(a_run_killed_while_it_writes_refs_is_followed_by_one_that_succeeds) {
  fs::remove(gate);
  world.laptop.git(notes, {"config", "--unset", "filter.slow.required"});
  const std::string tips = "refs/heads/topic-";
  int killed = 0;
  constexpr int most = 20;
  for (int place = 1; place < most; place += 3) {
    for (const char name : std::string("abcdefgh")) {
      world.owner.git(world.bare("notes"), {"update-ref", tips + std::to_string(place) + name, "main"});
    }
    Command run = world.laptop.command("sync-now", {});
    const std::string fault = "inject=link,rename:signal=KILL:when=" + std::to_string(place);
    for (const std::string& word :
         {fault, std::string("-e"), std::string("trace=link,rename"), std::string("-e"), std::string("/dev/null"),
          std::string("-o"), std::string("-f"), std::string("strace")}) {
      run.argv.insert(run.argv.begin(), word);
    }
    if (syncmanager::run(run, "", std::chrono::minutes(1)).status == 128 + SIGKILL) ++killed;
    wait_until([&] { return processes_with(notes.string()).empty(); }, "the end of the children");
    BOOST_TEST_CONTEXT("killed at rename " << place) {
      expect_exit(world.laptop.run("sync-now"), 0);
      expect_equal_refs(world, world.laptop, "notes");
    }
  }
  BOOST_TEST(killed > 3);
  for (const auto& entry : fs::recursive_directory_iterator(notes / ".git")) {
    BOOST_TEST(entry.path().extension() != ".lock", entry.path());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
