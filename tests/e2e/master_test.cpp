// What goes through the system's ssh because libssh2 can't do it: one connection for all projects, and nothing is left.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// The laptop's masters and their sockets.
fs::path sockets_of(const Computer& computer) {
  return computer.home() / ".run" / "syncmanager";
}

void expect_nothing_left(const Computer& computer) {
  const fs::path folder = sockets_of(computer);
  wait_until([&] { return processes_with(folder).empty() && (!fs::exists(folder) || fs::is_empty(folder)); },
             "neither an ssh nor a socket of the run is left");
}

/// A run that ends well, by this way as -v says, and leaves nothing.
void expect_run(const Computer& computer, const std::string& tool, const std::string& way) {
  const Finished run = computer.run(tool, {"-v"});
  expect_exit(run, 0);
  BOOST_TEST(contains(run.err, way), run.err);
  expect_nothing_left(computer);
}

/// Clones a project, pushes a commit, and pulls it elsewhere, by this way.
void expect_syncs(const Sandbox& world, const std::string& way) {
  expect_run(world.laptop, "sync-pull", way);
  expect_equal_refs(world, world.laptop, "notes");
  world.laptop.commit(world.laptop.project("notes"), "a.txt", "a\n");
  expect_run(world.laptop, "sync-push", way);
  expect_equal_refs(world, world.laptop, "notes");
  expect_run(world.desktop, "sync-now", way);
  expect_equal_refs(world, world.desktop, "notes");
}

void add_notes(const Sandbox& world) {
  world.add_repository("notes", {.branches = 3});
  for (const Computer* const computer : {&world.laptop, &world.desktop}) computer->conf(world.section("notes"));
}

void use_ssh_config(Sandbox& world, const std::vector<std::string>& lines) {
  const fs::path config = world.server.write_ssh_config("own_config", lines);
  for (Computer* const computer : {&world.laptop, &world.desktop}) computer->set("SYNC_SSH_CONFIG", config.string());
}

void use_ssh_command(Sandbox& world, const std::string& command) {
  for (Computer* const computer : {&world.laptop, &world.desktop}) computer->set("GIT_SSH_COMMAND", command);
}

/// A key that signs others.
class Authority {
 public:
  Authority() { run_program({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key()}); }
  [[nodiscard]] fs::path key() const { return folder_.path() / "ca"; }
  [[nodiscard]] fs::path public_key() const { return folder_.path() / "ca.pub"; }
  /// Certifies KEY.pub for the names, in KEY-cert.pub.
  void certify(const fs::path& key_file, const std::string& names, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> argv{"ssh-keygen", "-q", "-s", key(), "-I", "test", "-n", names};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.push_back(key_file.string() + ".pub");
    run_program(argv);
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(master)

BOOST_AUTO_TEST_CASE(a_certificate_logs_in) {
  const Authority authority;
  Sandbox world({.host_keys = {"ed25519"},
                 .lines = {"TrustedUserCAKeys " + authority.public_key().string()},
                 .force_command = {}});
  add_notes(world);
  const fs::path key = world.server.make_key("ed25519", "certified");
  authority.certify(key, world.server.user());
  Computer::write(world.server.home().parent_path() / "authorized_keys", "");
  use_ssh_config(world, {"IdentityFile " + key.string()});
  expect_syncs(world, "through ssh");
}

BOOST_AUTO_TEST_CASE(a_host_certificate_is_trusted_by_its_authority) {
  const Authority authority;
  const TemporaryFolder folder;
  const fs::path certificate = folder.path() / "host-cert.pub";
  Sandbox world({.host_keys = {"ed25519"}, .lines = {"HostCertificate " + certificate.string()}, .force_command = {}});
  add_notes(world);
  world.server.stop();
  const fs::path host_key = world.server.home().parent_path() / "host_ed25519";
  authority.certify(host_key, "127.0.0.1", {"-h"});
  fs::copy_file(host_key.string() + "-cert.pub", certificate);
  world.server.start();
  Computer::write(
      world.server.client() / "known_hosts",
      fmt::format("@cert-authority [127.0.0.1]:{} {}", world.server.port(), content_of(authority.public_key())));
  expect_syncs(world, "through ssh: @cert-authority");
}

BOOST_AUTO_TEST_CASE(a_proxy_jump_leads_through_the_gate) {
  const TestServer gate;
  Sandbox world;
  add_notes(world);
  const fs::path config = world.server.write_ssh_config("own_config", {"ProxyJump gate"});
  Computer::write(config,
                  content_of(config) + fmt::format("Host gate\n  HostName 127.0.0.1\n  Port {}\n  User {}\n"
                                                   "  IdentityFile {}\n  UserKnownHostsFile {}\n",
                                                   gate.port(), gate.user(), (gate.client() / "id_ed25519").string(),
                                                   (gate.client() / "known_hosts").string()));
  for (Computer* const computer : {&world.laptop, &world.desktop}) computer->set("SYNC_SSH_CONFIG", config.string());
  expect_syncs(world, "through ssh: ProxyJump gate");
  BOOST_TEST(gate.connections() == 3);
}

BOOST_AUTO_TEST_CASE(a_proxy_command_leads_to_the_server) {
  const TestServer gate;
  Sandbox world;
  add_notes(world);
  use_ssh_config(world, {"ProxyCommand ssh -F " + gate.ssh_config().string() + " -W %h:%p server"});
  expect_syncs(world, "through ssh: ProxyCommand");
}

BOOST_AUTO_TEST_CASE(an_rsa_host_key_alone_is_enough) {
  Sandbox world({.host_keys = {"rsa"}, .lines = {}, .force_command = {}});
  add_notes(world);
  expect_syncs(world, "through ssh");
}

BOOST_AUTO_TEST_CASE(an_rsa_key_in_a_file_logs_in) {
  Sandbox world;
  add_notes(world);
  const fs::path key = world.server.make_key("rsa", "id_rsa");
  use_ssh_config(world, {"IdentityFile " + key.string()});
  expect_syncs(world, "through ssh");
}

BOOST_AUTO_TEST_CASE(the_ssh_command_of_git_is_started_once_with_its_options) {
  Sandbox world;
  add_notes(world);
  const int before = world.server.connections();
  use_ssh_command(world, "ssh -o Compression=yes -F '" + world.server.ssh_config().string() + "'");
  expect_syncs(world, "through ssh: git has an ssh command");
  BOOST_TEST(world.server.connections() - before == 3);
}

BOOST_AUTO_TEST_CASE(a_program_in_place_of_ssh_is_started_for_each_command) {
  Sandbox world;
  add_notes(world);
  const fs::path program = world.path() / "my-ssh";
  Computer::write(program, "#!/bin/sh\nexec ssh -F '" + world.server.ssh_config().string() + "' \"$@\"\n");
  fs::permissions(program, fs::perms::owner_all);
  use_ssh_command(world, program.string());
  expect_syncs(world, "one for each command");
}

BOOST_AUTO_TEST_CASE(one_connection_is_enough_for_thirty_projects) {
  Sandbox world({.host_keys = {"ed25519"}, .lines = {}, .force_command = "git shell -c \"$SSH_ORIGINAL_COMMAND\""});
  std::string conf;
  for (int number = 0; number < 30; ++number) {
    world.add_repository(fmt::format("p{}", number));
    conf += world.section(fmt::format("p{}", number));
  }
  world.laptop.conf(conf);
  use_ssh_config(world, {"AddressFamily inet"});
  const int before = world.server.connections();
  expect_run(world.laptop, "sync-pull", "through ssh: addressfamily");
  BOOST_TEST(world.server.connections() - before == 1);
  for (int number = 0; number < 30; ++number) {
    const fs::path project = world.laptop.project(fmt::format("p{}", number));
    if (number % 3 == 0) world.laptop.commit(project, "a.txt", "a\n");
  }
  expect_run(world.laptop, "sync-now", "through ssh: addressfamily");
  BOOST_TEST(world.server.connections() - before == 2);
  for (int number = 0; number < 30; ++number) expect_equal_refs(world, world.laptop, fmt::format("p{}", number));
}

BOOST_AUTO_TEST_CASE(gits_own_pushes_take_the_same_connection) {
  Sandbox world;
  add_notes(world);
  use_ssh_config(world, {"AddressFamily inet"});
  expect_exit(world.laptop.run("sync-pull"), 0);
  // A hook makes the push git's.
  const fs::path hook = world.laptop.project("notes") / ".git/hooks/pre-push";
  Computer::write(hook, "#!/bin/sh\necho \"$2\" >pushed\n");
  fs::permissions(hook, fs::perms::owner_all);
  world.laptop.commit(world.laptop.project("notes"), "a.txt", "a\n");
  const int before = world.server.connections();
  expect_run(world.laptop, "sync-push", "through ssh");
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_TEST(fs::exists(world.laptop.project("notes") / "pushed"));
  BOOST_TEST(world.server.connections() - before == 1);
}

BOOST_AUTO_TEST_CASE(the_users_master_is_used_and_survives_the_runs) {
  Sandbox world;
  add_notes(world);
  const fs::path socket = world.server.client() / "control";
  use_ssh_config(world, {"ControlPath " + socket.string()});
  // ssh -M -N -F CONFIG server
  Program master({"ssh", "-M", "-N", "-F", world.server.client() / "own_config", "server"},
                 world.path() / "master.log");
  wait_until([&] { return fs::exists(socket); }, "the user's master listens");
  const int before = world.server.connections();
  expect_syncs(world, "by the master that runs at " + socket.string());
  BOOST_TEST(world.server.connections() == before);
  BOOST_TEST(master.running());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_killed_leaves_nothing_for_long) {
  // The listing never ends.
  Sandbox world({.host_keys = {"ed25519"}, .lines = {}, .force_command = "while echo on; do sleep 0.1; done"});
  world.laptop.conf(world.section("notes"));
  use_ssh_config(world, {"AddressFamily inet"});
  Program run(world.laptop.command("sync-pull", {}).argv, world.path() / "output", world.laptop.environment());
  wait_until([&] { return contains(world.server.log(), "Starting session"); }, "the listing runs");
  kill(run.pid(), SIGKILL);
  run.wait();
  const fs::path folder = sockets_of(world.laptop);
  BOOST_TEST(!processes_with(folder).empty());
  wait_until([&] { return processes_with(folder).empty() && fs::is_empty(folder); }, "the master ends by itself",
             std::chrono::seconds(60));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
