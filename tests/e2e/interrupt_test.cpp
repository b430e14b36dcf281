// Ctrl-C, servers that never answer, and lines that break: a run ends in time and tells what it did.
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "base/environment.hpp"
#include "base/file.hpp"
#include "expect.hpp"
#include "support/loopback.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"
#include "support/terminal.hpp"

namespace syncmanager::test {

namespace {

/// Takes connections and never says a word.
class SilentServer {
 public:
  SilentServer() : listener_(listen_on_loopback(port_)) {}
  [[nodiscard]] int port() const { return port_; }

 private:
  int port_ = 0;
  Fd listener_;
};

std::string section_at(int port, const std::string& name) {
  return fmt::format("[git \"{0}\"]\npath = ~/{0}\nurl = ssh://server:{1}/{0}.git\n", name, port);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A run in the background, with its JSON document in a file.
class Running {
 public:
  Running(const Computer& computer, const std::string& tool, const Arguments& arguments)
      : output_(computer.home() / (tool + ".out")) {
    std::filesystem::remove(output_);  // of a run before
    const Command command = computer.command(tool, arguments);
    program_ = std::make_unique<Program>(command.argv, output_, command.environment);
  }

  int end_by(int signal) {
    kill(program_->pid(), signal);
    return program_->wait();
  }
  int wait() { return program_->wait(); }
  [[nodiscard]] std::string output() const { return content_of(output_); }
  [[nodiscard]] Json document() const {
    const std::string text = content_of(output_);
    return Json::parse(text.substr(text.find('{')));
  }

 private:
  std::filesystem::path output_;
  std::unique_ptr<Program> program_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(interrupt)

BOOST_AUTO_TEST_CASE(ctrl_c_ends_a_run_soon_with_the_report_of_what_was_done) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Sandbox world;
    const SilentServer silent;
    world.add_repository("live", {.branches = 3});
    world.laptop.conf(section_at(silent.port(), "silent") + world.section("live"));
    Running run(world.laptop, "sync-pull", {"--json"});
    // The clone is put in its place at the very end.
    wait_until([&] { return std::filesystem::exists(world.laptop.project("live")); }, "the live project is cloned",
               std::chrono::seconds(60));
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(run.end_by(signal) == 128 + signal);
    BOOST_TEST(seconds_since(begin) < 10);  // the silent one alone would take 30
    const Json document = run.document();
    BOOST_TEST(document.at("exit") == 130);
    BOOST_TEST(named(document.at("projects"), "live").at("outcome") == "ok");
    BOOST_TEST(named(document.at("projects"), "silent").at("outcome") == "skipped");
    BOOST_TEST(named(document.at("projects"), "silent").at("message") == "interrupted");
  }
}

BOOST_AUTO_TEST_CASE(a_status_whose_question_is_ended_shows_what_is_known) {
  Sandbox world;
  const SilentServer silent;
  world.add_repository("live");
  world.laptop.conf(world.section("live"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto live = world.laptop.project("live");
  for (const int signal : {SIGINT, SIGTERM}) {
    world.laptop.conf(section_at(silent.port(), "live-2") + world.section("live"));
    add_commits(world.owner, world.bare("live"), "main", 1);
    Running run(world.laptop, "sync-status", {"--fetch", "--json"});
    wait_until([&] { return world.laptop.tip(live, "origin/main") == world.owner.tip(world.bare("live"), "main"); },
               "the live project is fetched", std::chrono::seconds(60));
    BOOST_TEST(run.end_by(signal) == 128 + signal);
    BOOST_TEST(branch_of(run.document(), "live", "main").at("action") == "fast-forward");
  }
}

BOOST_AUTO_TEST_CASE(a_terminal_shows_what_is_waited_for_while_a_server_says_nothing) {
  Sandbox world;
  const SilentServer silent;
  world.laptop.conf(section_at(silent.port(), "silent"));
  const Finished run = run_on_terminal(world.laptop.command("sync-pull", {"--timeout", "3"}), {});
  expect_exit(run, 4);
  BOOST_TEST(contains(run.out, "waiting for silent"), run.out);
}

BOOST_AUTO_TEST_CASE(ctrl_c_ends_the_wait_for_a_login) {
  const std::string account = Environment::of_process(environ).user;
  const std::string duration = fmt::format("30.{}", getpid());  // to find it by
  Sandbox world({{"ed25519"},
                 {"AuthorizedKeysFile none", "AuthorizedKeysCommand /bin/sleep " + duration,
                  "AuthorizedKeysCommandUser " + account},
                 {}});
  const std::string by_ssh = world.server.write_ssh_config("by_ssh", {"AddressFamily inet"});
  for (const std::string& config : {world.server.ssh_config().string(), by_ssh}) {
    world.laptop.set("SYNC_SSH_CONFIG", config);
    world.laptop.conf(world.section("notes"));
    const std::size_t before = processes_with(duration).size();
    Running run(world.laptop, "sync-pull", {"--json"});
    wait_until([&] { return processes_with(duration).size() > before; }, "the login waits", std::chrono::seconds(60));
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(run.end_by(SIGINT) == 128 + SIGINT);
    BOOST_TEST(seconds_since(begin) < 10);
    BOOST_TEST(named(run.document().at("projects"), "notes").at("message") == "interrupted");
    wait_until([&] { return processes_with(config).empty(); }, "no ssh is left");
  }
}

BOOST_AUTO_TEST_CASE(ctrl_c_at_the_question_for_a_passphrase_ends_the_run) {
  Sandbox world;
  const std::string key = world.server.make_key("ed25519", "locked", "secret");
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config("asking", {"IdentityFile " + key}));
  world.laptop.conf(world.section("notes"));
  const Finished run =
      run_on_terminal(world.laptop.command("sync-pull", {"--no-progress"}), {{"Enter passphrase for key", "\x03"}});
  BOOST_TEST(run.status == 128 + SIGINT, run.out);
  BOOST_TEST(contains(run.out, "interrupted"), run.out);
}

BOOST_AUTO_TEST_CASE(ctrl_c_in_a_push_leaves_everything_whole) {
  Sandbox world;
  world.add_repository("notes", {.branches = 2});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto reached = world.path() / "reached";
  const auto hook = world.bare("notes") / "hooks/pre-receive";
  Computer::write(hook, fmt::format("#!/bin/sh\ntouch '{}'\nexec sleep 60\n", reached.string()));
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  world.laptop.commit(world.laptop.project("notes"), "a.txt", "a\n");
  Running run(world.laptop, "sync-push", {});
  wait_until([&] { return std::filesystem::exists(reached); }, "the server's hook runs", std::chrono::seconds(60));
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(run.end_by(SIGINT) == 128 + SIGINT);
  BOOST_TEST(seconds_since(begin) < 10);
  std::filesystem::remove(hook);
  world.laptop.git(world.laptop.project("notes"), {"fsck", "--strict"});
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(ctrl_c_in_a_pull_of_many_new_branches_ends_it) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const std::string tip = world.owner.tip(world.bare("notes"), "main");
  std::string branches;
  for (int number = 0; number < 3000; ++number) branches += fmt::format("create refs/heads/topic-{} {}\n", number, tip);
  world.owner.git(world.bare("notes"), {"update-ref", "--stdin"}, branches);
  const auto notes = world.laptop.project("notes");
  Running run(world.laptop, "sync-pull", {"--json"});
  wait_until([&] { return std::filesystem::exists(notes / ".git/refs/remotes/origin/topic-0"); },
             "the first branches are here", std::chrono::seconds(60));
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(run.end_by(SIGINT) == 128 + SIGINT);
  BOOST_TEST(seconds_since(begin) < 10);
  BOOST_TEST(named(run.document().at("projects"), "notes").at("message") == "interrupted");
}

BOOST_AUTO_TEST_CASE(ctrl_c_in_a_clone_leaves_nothing_of_it) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  world.laptop.conf(world.section("notes"));
  // All has come, but git goes on looking through it.
  const std::string duration = fmt::format("31.{}", getpid());  // to find it by
  const auto programs = world.path() / "programs";
  std::filesystem::create_directory(programs);
  Computer::write(programs / "git", "#!/bin/sh\ncase $5 in index-pack) exec sleep " + duration +
                                        ";; esac\nPATH=/usr/local/bin:/usr/bin:/bin exec git \"$@\"\n");
  std::filesystem::permissions(programs / "git", std::filesystem::perms::owner_all);
  world.laptop.set("PATH", programs.string() + ":/usr/local/bin:/usr/bin:/bin");
  Running run(world.laptop, "sync-pull", {"--json"});
  wait_until([&] { return !processes_with(duration).empty(); }, "git looks", std::chrono::seconds(60));
  BOOST_TEST(!nursery(world.laptop).empty());
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(run.end_by(SIGINT) == 128 + SIGINT);
  BOOST_TEST(seconds_since(begin) < 10);
  BOOST_TEST(named(run.document().at("projects"), "notes").at("message") == "interrupted");
  BOOST_TEST(!std::filesystem::exists(world.laptop.project("notes")));
  BOOST_TEST(nursery(world.laptop).empty());
  BOOST_TEST(processes_with(duration).empty());
}

BOOST_AUTO_TEST_CASE(a_parent_that_ignores_the_ends_of_its_children_does_no_harm) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  Command command = world.laptop.command("sync-pull", {});
  command.argv.insert(command.argv.begin(), {"env", "--ignore-signal=CHLD"});
  expect_exit(syncmanager::run(command, "", std::chrono::seconds(60)), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(servers_that_never_answer_keep_nobody_else_waiting) {
  Sandbox world;
  std::string conf;
  std::vector<std::unique_ptr<SilentServer>> silent;
  for (int number = 0; number < 20; ++number) {
    silent.push_back(std::make_unique<SilentServer>());
    for (const auto* const name : {"a", "b", "c"}) {
      conf += section_at(silent.back()->port(), fmt::format("{}{}", name, number));
    }
  }
  world.add_repository("live", {.branches = 3});
  world.laptop.conf(conf + world.section("live"));
  const auto begin = std::chrono::steady_clock::now();
  const Json document = report_of(world.laptop, "sync-pull", 4, {"--timeout", "5", "--jobs", "2"});
  BOOST_TEST(seconds_since(begin) < 20);  // 18 projects of 5 s each would take longer even two at a time
  BOOST_TEST(named(document.at("projects"), "live").at("outcome") == "ok");
  BOOST_TEST(named(document.at("projects"), "c5").at("outcome") == "offline");
  expect_equal_refs(world, world.laptop, "live");
}

BOOST_AUTO_TEST_CASE(a_server_that_lets_few_log_in_at_a_time_serves_many_runs) {
  Sandbox world({{"ed25519"}, {"MaxStartups 2"}, {}});
  world.add_repository("notes");
  std::vector<Computer> computers;
  std::vector<std::unique_ptr<Running>> runs;
  for (const std::string name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    const Computer& computer = computers.emplace_back(world.path() / name, name, world.server.ssh_config());
    computer.conf(world.section("notes"));
    runs.push_back(std::make_unique<Running>(computer, "sync-pull", Arguments{"-v"}));
  }
  for (const auto& run : runs) BOOST_TEST(run->wait() == 0, run->output());
}

BOOST_AUTO_TEST_CASE(the_ssh_command_of_a_repositorys_own_configuration_is_used) {
  Sandbox world;
  world.add_repository("plain");
  world.add_repository("special");
  world.laptop.conf(world.section("plain") + world.section("special"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto used = world.path() / "used";
  const auto script = world.path() / "my-ssh";
  Computer::write(script, fmt::format("#!/bin/sh\necho \"$@\" >>'{}'\nexec ssh -F '{}' \"$@\"\n", used.string(),
                                      world.server.ssh_config().string()));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  world.laptop.git(world.laptop.project("special"), {"config", "core.sshCommand", script.string()});
  world.laptop.commit(world.laptop.project("special"), "a.txt", "a\n");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(contains(content_of(used), "special"));
  BOOST_TEST(!contains(content_of(used), "plain"));
  expect_equal_refs(world, world.laptop, "special");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
