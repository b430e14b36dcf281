// Who the server is, and who we are: host keys, user keys, the agent, servers without a shell.
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/delay_proxy.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

/// `SHA256:…` as ssh-keygen -l prints it for the server's host key.
std::string fingerprint_of(const Sandbox& world, const std::string& type) {
  const auto file = world.path() / "host_key.pub";
  Computer::write(file, world.server.host_key(type) + '\n');
  const Finished run = syncmanager::run({{"ssh-keygen", "-l", "-f", file.string()}, world.owner.environment(), {}}, "",
                                        std::chrono::seconds(10));
  const auto begin = run.out.find("SHA256:");
  return run.out.substr(begin, run.out.find(' ', begin) - begin);
}

/// A pull that must fail for the server's host key: exit 5, no clone, and the user learns what to compare and to do.
void expect_untrusted(const Sandbox& world, const std::string& command) {
  const Finished run = world.laptop.run("sync-pull");
  expect_exit(run, 5);
  BOOST_TEST_CONTEXT(run.out << run.err) {
    BOOST_TEST(contains(run.out + run.err, fingerprint_of(world, "ed25519")));
    BOOST_TEST(contains(run.out + run.err, command));
  }
  BOOST_TEST(!std::filesystem::exists(world.laptop.project("notes") / ".git/refs/heads/main"));
  const Json document = report_of(world.laptop, "sync-pull", 5);
  BOOST_TEST(named(document.at("projects"), "notes").at("outcome") == "auth");
}

/// A world with a project to be cloned where no key opens the server yet.
struct Closed {
  Sandbox world;

  Closed() {
    world.add_repository("notes", {.branches = 3});
    world.laptop.conf(world.section("notes"));
    Computer::write(world.server.home().parent_path() / "authorized_keys", "");
  }

  void use_ssh_config(const std::vector<std::string>& lines) {
    world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config("own_config", lines).string());
  }

  void expect_all_works() {
    expect_exit(world.laptop.run("sync-pull"), 0);
    expect_equal_refs(world, world.laptop, "notes");
    world.laptop.commit(world.laptop.project("notes"), "a.txt", "a\n");
    expect_exit(world.laptop.run("sync-push"), 0);
    expect_equal_refs(world, world.laptop, "notes");
  }
};

const std::vector<std::string> key_types = {"ed25519", "ecdsa", "rsa"};

}  // namespace

BOOST_AUTO_TEST_SUITE(login)

BOOST_AUTO_TEST_CASE(an_unknown_host_key_is_refused_with_fingerprint_and_command) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  const auto known_hosts = world.path() / "known_hosts";
  Computer::write(known_hosts, "");
  world.laptop.set(
      "SYNC_SSH_CONFIG",
      world.server.write_ssh_config("own_config", {"UserKnownHostsFile " + known_hosts.string()}).string());
  expect_untrusted(world, "ssh");
  BOOST_TEST(content_of(known_hosts).empty());
}

BOOST_AUTO_TEST_CASE(a_changed_host_key_is_refused_with_fingerprint_and_command) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  world.server.stop();
  world.server.change_host_keys();
  world.server.start();
  expect_untrusted(world, "ssh-keygen -f");
}

BOOST_AUTO_TEST_CASE(a_revoked_host_key_is_refused_although_it_is_listed_too) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  const auto known_hosts = world.server.client() / "known_hosts";
  Computer::write(known_hosts, content_of(known_hosts) + "@revoked " + world.server.known_hosts_line("ed25519") + '\n');
  expect_untrusted(world, "known_hosts");
}

BOOST_AUTO_TEST_CASE(a_new_host_key_is_recorded_where_the_ssh_settings_say_so) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  const auto known_hosts = world.path() / "known_hosts";
  world.laptop.set("SYNC_SSH_CONFIG", world.server
                                          .write_ssh_config("own_config", {"UserKnownHostsFile " + known_hosts.string(),
                                                                           "StrictHostKeyChecking accept-new"})
                                          .string());
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(contains(content_of(known_hosts), world.server.host_key("ed25519")));
}

BOOST_AUTO_TEST_CASE(keys_of_every_type_log_in_from_a_file) {
  for (const std::string& type : key_types) {
    BOOST_TEST_CONTEXT(type) {
      Closed closed;
      const auto key = closed.world.server.make_key(type, "own_key");
      closed.use_ssh_config({"IdentityFile " + key.string()});
      closed.expect_all_works();
    }
  }
}

BOOST_AUTO_TEST_CASE(keys_of_every_type_log_in_from_the_agent) {
  for (const std::string& type : key_types) {
    BOOST_TEST_CONTEXT(type) {
      Closed closed;
      const TestAgent agent;
      const auto key = closed.world.server.make_key(type, "own_key");
      agent.add(key);
      std::filesystem::remove(key);  // its public half stays, and selects the key in the agent
      closed.use_ssh_config({"IdentityFile " + key.string(), "IdentityAgent " + agent.socket().string()});
      closed.expect_all_works();
    }
  }
}

BOOST_AUTO_TEST_CASE(the_agent_of_the_environment_is_used) {
  Closed closed;
  const TestAgent agent;
  const auto key = closed.world.server.make_key("ed25519", "own_key");
  agent.add(key);
  std::filesystem::remove(key);
  closed.use_ssh_config({"IdentitiesOnly no", "IdentityAgent SSH_AUTH_SOCK"});
  closed.world.laptop.set("SSH_AUTH_SOCK", agent.socket().string());
  closed.expect_all_works();
}

/// As in a run from cron: the environment names no agent, and one runs for the user all the same.
struct AgentElsewhere : Closed {
  TestAgent agent{world.laptop.home() / ".run" / "openssh_agent"};

  AgentElsewhere() {
    const auto key = world.server.make_key("ed25519", "own_key");
    agent.add(key);
    std::filesystem::remove(key);
  }
};

BOOST_AUTO_TEST_CASE(an_agent_that_the_environment_does_not_name_is_found) {
  AgentElsewhere elsewhere;
  elsewhere.use_ssh_config({"IdentitiesOnly no", "IdentityAgent SSH_AUTH_SOCK"});
  const Finished run = elsewhere.world.laptop.run("sync-pull", {"-v", "-n"});
  expect_exit(run, 0);
  BOOST_TEST(contains(run.err, "using your agent at " + elsewhere.agent.socket().string()));
  elsewhere.expect_all_works();
  elsewhere.world.laptop.set("SSH_AUTH_SOCK", (elsewhere.world.path() / "gone").string());
  expect_exit(elsewhere.world.laptop.run("sync-now"), 0);
}

BOOST_AUTO_TEST_CASE(an_agent_that_was_found_serves_ssh_and_git_too) {
  AgentElsewhere elsewhere;
  Computer& laptop = elsewhere.world.laptop;
  // Only ssh knows the first line.
  elsewhere.use_ssh_config(
      {"AddressFamily inet", "IdentitiesOnly no", "IdentityAgent SSH_AUTH_SOCK", "IdentityFile /nonexistent"});
  elsewhere.expect_all_works();
  // A pre-push hook makes git itself push.
  const auto hook = laptop.project("notes") / ".git/hooks/pre-push";
  Computer::write(hook, "#!/bin/sh\nprintf %s \"$SSH_AUTH_SOCK\" > ~/seen\n");
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  laptop.commit(laptop.project("notes"), "b.txt", "b\n");
  expect_exit(laptop.run("sync-push"), 0);
  expect_equal_refs(elsewhere.world, laptop, "notes");
  BOOST_TEST(content_of(laptop.home() / "seen") == elsewhere.agent.socket().string());
}

BOOST_AUTO_TEST_CASE(without_a_key_the_run_ends_soon_and_does_not_ask) {
  Closed closed;
  const auto begin = std::chrono::steady_clock::now();
  expect_exit(closed.world.laptop.run("sync-pull"), 5);
  const auto key = closed.world.server.make_key("ed25519", "own_key", "a passphrase");
  closed.use_ssh_config({"IdentityFile " + key.string()});
  expect_exit(closed.world.laptop.run("sync-pull"), 5);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(15)));
}

BOOST_AUTO_TEST_CASE(a_server_without_a_shell_serves_all_the_same) {
  Sandbox world({.host_keys = {"ed25519"}, .lines = {}, .force_command = "git shell -c \"$SSH_ORIGINAL_COMMAND\""});
  std::string conf;
  for (int number = 0; number < 12; ++number) {
    world.add_repository(fmt::format("p{}", number), {.branches = 3});
    conf += world.section(fmt::format("p{}", number));
  }
  world.laptop.conf(conf);
  world.desktop.conf(conf);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_exit(world.desktop.run("sync-pull"), 0);
  world.laptop.commit(world.laptop.project("p3"), "a.txt", "a\n");
  world.laptop.git(world.laptop.project("p3"), {"branch", "new"});
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_exit(world.desktop.run("sync-now"), 0);
  for (int number = 0; number < 12; ++number) {
    expect_equal_refs(world, world.laptop, fmt::format("p{}", number));
    expect_equal_refs(world, world.desktop, fmt::format("p{}", number));
  }
}

namespace {

/// A server that is 20 ms away, and has no shell.
struct FarWorld : Sandbox {
  DelayProxy far{server.port(), std::chrono::milliseconds(10)};

  FarWorld()
      : Sandbox({.host_keys = {"ed25519"}, .lines = {}, .force_command = "git shell -c \"$SSH_ORIGINAL_COMMAND\""}) {
    laptop.set("SYNC_SSH_CONFIG", server.write_ssh_config_by(far.port(), "far"));
  }
  [[nodiscard]] int connections_of(const Arguments& arguments, int exit) const {
    const int before = server.connections();
    expect_exit(laptop.run("sync-pull", arguments), exit);
    return server.connections() - before;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_server_far_away_without_a_shell_is_asked_over_five_connections) {
  const FarWorld world;
  std::string conf;
  for (int number = 0; number < 14; ++number) {
    world.add_repository(fmt::format("p{}", number), {.branches = 2});
    conf += world.section(fmt::format("p{}", number));
  }
  world.laptop.conf(conf);
  BOOST_TEST(world.connections_of({}, 0) == 5);  // the clones go over those that have asked
  for (int number = 0; number < 14; ++number) expect_equal_refs(world, world.laptop, fmt::format("p{}", number));
  BOOST_TEST(world.connections_of({}, 0) == 5);
  BOOST_TEST(world.connections_of({"--jobs", "1"}, 0) == 1);
}

BOOST_AUTO_TEST_CASE(connections_that_may_have_been_idle_for_long_are_not_used_for_the_next_projects) {
  const FarWorld world;
  std::string conf;
  for (int number = 0; number < 260; ++number) conf += world.section(fmt::format("none{}", number));
  world.laptop.conf(conf);
  // Five for the first 256 projects, and one beside the first for the rest.
  BOOST_TEST(world.connections_of({}, 1) == 6);
}

BOOST_AUTO_TEST_CASE(without_a_shell_a_repository_that_the_server_lacks_fails_alone) {
  Sandbox world({.host_keys = {"ed25519"}, .lines = {}, .force_command = "git shell -c \"$SSH_ORIGINAL_COMMAND\""});
  std::string conf = world.section("none", "create = yes\n");
  for (const auto* const name : {"a", "b", "c"}) {
    world.add_repository(name);
    conf += world.section(name);
  }
  world.laptop.conf(conf);
  const Finished run = world.laptop.run("sync-now");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "does not appear to be a git repository"), run.out);
  BOOST_TEST(contains(run.out, "create = yes needs a shell on the server"), run.out);
  for (const auto* const name : {"a", "b", "c"}) expect_equal_refs(world, world.laptop, name);

  std::filesystem::rename(world.bare("a"), world.bare("moved"));
  const Finished alone = world.laptop.run("sync-push", {"a"});
  expect_exit(alone, 1);
  BOOST_TEST(contains(alone.out, "does not appear to be a git repository"), alone.out);
}

BOOST_AUTO_TEST_CASE(servers_with_any_type_of_host_key_are_reached) {
  for (const std::string& type : key_types) {
    BOOST_TEST_CONTEXT(type) {
      Sandbox world({.host_keys = {type}, .lines = {}, .force_command = {}});
      world.add_repository("notes");
      world.laptop.conf(world.section("notes"));
      expect_exit(world.laptop.run("sync-pull"), 0);
      expect_equal_refs(world, world.laptop, "notes");
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_login_shell_prints_first_does_no_harm) {
  Sandbox world(
      {.host_keys = {"ed25519"}, .lines = {}, .force_command = "echo hello; exec sh -c \"$SSH_ORIGINAL_COMMAND\""});
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  const Finished run = world.laptop.run("sync-pull");
  BOOST_TEST_CONTEXT(run.out << run.err) {
    BOOST_TEST((run.status == 1 || run.status == 0));
    if (run.status == 0) expect_equal_refs(world, world.laptop, "notes");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
