#include "ssh/server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/child_channel.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"
#include "unit/ssh/ways.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using namespace syncmanager::test;
using Words = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(server)

BOOST_AUTO_TEST_CASE(uses_this_computers_shell_for_a_folder) {
  const TemporaryFolder folder;
  Client client(folder.path() / "config");
  client.url = parse_url(folder.path().string()).url;
  const std::unique_ptr<Connection> connection = client.connect();
  const std::unique_ptr<Channel> channel = connection->open("cat; echo trouble >&2; exit 255");
  channel->write("text");
  channel->finish_input();
  BOOST_TEST(read_all(*channel) == "text");
  BOOST_TEST(channel->wait() == 255);
  BOOST_TEST(channel->errors() == "trouble\n");
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_what_a_command_left_behind) {
  const TemporaryFolder folder;
  Client client(folder.path() / "config");
  client.url = parse_url(folder.path().string()).url;
  BOOST_TEST(client.run("echo done; sleep 60 &") == "done\n");
}

BOOST_AUTO_TEST_CASE(gives_a_person_at_a_prompt_time_to_answer) {
  ChildSetup setup;
  setup.silence = std::chrono::milliseconds(50);
  setup.interactive = true;
  const Words argv{"sh", "-c", "sleep 0.3; echo hello"};
  BOOST_TEST(read_all(*start_child(setup, argv)) == "hello\n");
  setup.interactive = false;
  BOOST_CHECK_THROW(read_all(*start_child(setup, argv)), Error);
}

BOOST_AUTO_TEST_CASE(runs_the_ssh_command_of_git_by_a_shell) {
  const TestServer server;
  Client client(server.client() / "none");
  client.options.ssh_config.clear();
  client.options.ssh_command = "QUIET=-q; ssh $QUIET -F '" + server.ssh_config().string() + "'";
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(goes_through_ssh_where_the_settings_ask_for_what_libssh2_lacks) {
  const TestServer server;
  const std::string jump = "ProxyCommand ssh -F " + server.ssh_config().string() + " -W %h:%p server";
  const std::filesystem::path key = server.client() / "id_ed25519";
  for (const std::string& line :
       {jump, "CertificateFile " + key.string() + "-cert.pub", "IdentityFile " + server.client().string() + "/%n",
        std::string("BindAddress 127.0.0.1")}) {
    const Client client(server.write_ssh_config("special", {line, "IdentityFile " + key.string()}));
    BOOST_TEST(client.run("printf hello") == "hello", line);
    BOOST_TEST(client.went_through_ssh(), line);
  }
}

BOOST_AUTO_TEST_CASE(forwards_nothing_that_the_users_configuration_forwards) {
  const TestServer server;
  const TestAgent agent;
  const std::string taken = "127.0.0.1:" + std::to_string(server.port());
  const Words lines{"ForwardAgent yes", "IdentityAgent " + agent.socket().string(),
                    "LocalForward " + taken + " 127.0.0.1:1", "ExitOnForwardFailure yes"};
  const std::string config = server.write_ssh_config("forwarding", lines);
  const std::string forwarded = "echo \"agent: $SSH_AUTH_SOCK\"";

  Client by_child(server.client() / "none");
  by_child.options.ssh_command = "ssh -F '" + config + "' -o ControlMaster=no";
  BOOST_TEST(by_child.run(forwarded) == "agent: \n");

  for (const std::string& way :
       {config, server.write_ssh_config("by_master", {"AddressFamily inet", "Include " + config}).string()}) {
    const Client client(way);
    const std::unique_ptr<Connection> connection = client.connect();
    BOOST_TEST(read_all(*connection->open(forwarded)) == "agent: \n");
    const std::string by_git = client.server().ssh_for_programs() + " server '" + forwarded + "'";
    BOOST_TEST(run({{"sh", "-c", by_git}, client.environment.variables, {}}, "", client.options.timeout).out ==
               "agent: \n");
  }
}

BOOST_AUTO_TEST_CASE(says_the_same_of_host_keys_and_networks_when_it_goes_through_ssh) {
  TestServer server;
  const std::string by_ssh = "AddressFamily inet";
  check_failure(Client(server.write_ssh_config("dead", {by_ssh, "Port " + std::to_string(free_port())})),
                ErrorKind::offline, {"server", "Connection refused"});
  check_failure(Client(server.write_ssh_config("unknown", {by_ssh, "UserKnownHostsFile /dev/null"})), ErrorKind::auth,
                {"server", "Host key verification failed"});
  check_failure(Client(server.write_ssh_config("refused", {by_ssh, "User nobody-at-all"})), ErrorKind::auth,
                {"server", "Permission denied", "ssh -F"});
  server.stop();
  server.change_host_keys();
  server.start();
  check_failure(Client(server.write_ssh_config("changed", {by_ssh})), ErrorKind::auth, {"server", "HAS CHANGED"});
}

BOOST_AUTO_TEST_CASE(threads_share_the_choice_of_the_way) {
  const TestServer server;
  const std::vector<std::pair<Way, int>> table{
      {by_libssh2(server), 4}, {by_session_master(server), 1}, {by_master(server), 1}, {by_children(server), 4}};
  for (const auto& [way, connections] : table) {
    BOOST_TEST_CONTEXT(way.name) {
      const std::unique_ptr<Client> client = way.client();
      const int before = server.connections();
      std::vector<std::jthread> threads;
      std::atomic<int> good = 0;
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
          const std::unique_ptr<Connection> connection = client->server().connect();
          if (read_all(*connection->open("echo here")) == "here\n") ++good;
        });
      }
      threads.clear();
      BOOST_TEST(good == 4);
      BOOST_TEST(server.connections() - before == connections);
      const std::vector<std::string_view> notes = lines_of(client->notes);
      BOOST_TEST(std::count_if(notes.begin(), notes.end(), [](std::string_view note) {
                   return note.starts_with("server: by libssh2") || note.starts_with("server: through ssh");
                 }) == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(says_how_many_connections_are_of_use) {
  const TestServer server;
  BOOST_TEST(by_libssh2(server).client()->connect()->lanes() == 1U);
  BOOST_TEST(by_master(server).client()->connect()->lanes() == 8U);
  BOOST_TEST(by_children(server).client()->connect()->lanes() == 4U);
  Client client(server.ssh_config());
  client.url = parse_url(server.home().string()).url;
  BOOST_TEST(client.connect()->lanes() == 1U);
}

BOOST_AUTO_TEST_CASE(stays_with_ssh_where_libssh2_has_failed_once) {
  const TestServer server({{"ed25519"}, {"Ciphers aes256-gcm@openssh.com"}, {}});
  const Client client(server.ssh_config());
  for (int i = 0; i < 3; ++i) {
    const std::unique_ptr<Connection> connection = client.connect();
    BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
    BOOST_TEST(server.connections() == 2);
  }
}

BOOST_AUTO_TEST_CASE(a_broken_ssh_configuration_is_named) {
  const TemporaryFolder folder;
  const Client client(folder.write("config", "Host server\n  NoSuchOption yes\n"));
  check_failure(client, ErrorKind::failed, {"server", "config", "nosuchoption"});
}

BOOST_AUTO_TEST_CASE(refuses_servers_that_are_no_ssh_servers) {
  const TemporaryFolder folder;
  Client client(folder.path() / "config");
  client.url = parse_url("https://h/p").url;
  check_failure(client, ErrorKind::failed, {"h", "no ssh server"});
}

BOOST_AUTO_TEST_SUITE_END()
