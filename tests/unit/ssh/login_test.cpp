#include "ssh/login.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "support/faulty_line.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"
#include "unit/ssh/scripted_agent.hpp"

using namespace syncmanager;
using namespace syncmanager::test;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(login)

BOOST_AUTO_TEST_CASE(uses_ed25519_and_ecdsa_keys_from_files) {
  const TestServer server;
  for (const std::string type : {"ed25519", "ecdsa"}) {
    const fs::path key = server.make_key(type, "key_" + type);
    const Client client(server.write_ssh_config("config_" + type, {"IdentityFile " + key.string()}));
    BOOST_TEST(client.run("printf hello") == "hello");
    BOOST_TEST(!client.went_through_ssh());
    BOOST_TEST(client.notes.find("key_" + type) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(logs_in_without_a_key_where_the_server_asks_for_none) {
  const TestServer server({.host_keys = {"ed25519"}, .lines = {}, .force_command = {}, .open = true});
  const TestServer another;
  const std::string refused = "IdentityFile " + (another.client() / "id_ed25519").string();
  const std::string missing = "IdentityFile " + (server.client() / "none").string();
  for (const std::string& line : {refused, missing}) {
    const Client client(server.write_ssh_config("open", {line}));
    BOOST_TEST(client.run("printf hello") == "hello", line);
    BOOST_TEST(contains(client.notes, "with no key: the server asks for none"), line);
    BOOST_TEST(!client.went_through_ssh(), line);
  }
  const Client with_key(server.ssh_config());
  BOOST_TEST(with_key.run("printf hello") == "hello");
  BOOST_TEST(contains(with_key.notes, "with " + (server.client() / "id_ed25519").string()));
}

BOOST_AUTO_TEST_CASE(names_the_keys_where_the_server_ends_the_connection_that_asks_for_a_login_without_one) {
  const TestServer server({.host_keys = {"ed25519"}, .lines = {"MaxAuthTries 2"}, .force_command = {}});
  const TestServer another;
  const std::string key = (another.client() / "id_ed25519").string();
  const Client client(server.write_ssh_config("refused", {"IdentityFile " + key}));
  check_failure(client, ErrorKind::auth, {"the server accepts none of " + key});
}

BOOST_AUTO_TEST_CASE(a_server_that_has_had_enough_of_keys_refuses_and_a_line_that_breaks_does_not) {
  const TestServer another;
  const TestServer strict({.host_keys = {"ed25519"}, .lines = {"MaxAuthTries 1"}, .force_command = {}});
  const std::string key = (another.client() / "id_ed25519").string();
  check_failure(Client(strict.write_ssh_config("refused", {"IdentityFile " + key})), ErrorKind::auth, {key});

  FaultyLine line(another.port());
  const fs::path config = another.write_ssh_config_by(line.port(), "line");
  std::size_t broken = 0;
  for (std::size_t bytes = 2000; bytes < 6000; bytes += 100) {
    line.follow({.bytes = bytes, .connections = 1});
    const std::optional<Error> failure = Client(config).failure();
    if (!failure) continue;
    ++broken;
    BOOST_TEST((failure->kind() == ErrorKind::offline), "after " << bytes << " bytes: " << failure->what());
  }
  BOOST_TEST(broken > 5U);
}

BOOST_AUTO_TEST_CASE(offers_only_the_configured_keys_of_the_agent_with_identities_only) {
  const TestServer server;
  const TestAgent agent;
  const fs::path other = server.make_key("ed25519", "other");
  const fs::path key = server.make_key("ecdsa", "configured");
  agent.add(other);
  agent.add(key);
  fs::remove(key);  // only its public half is left, so that it can't be the file that logs in
  const Client client(
      server.write_ssh_config("only", {"IdentityAgent " + agent.socket().string(), "IdentityFile " + key.string()}));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.notes.find("with configured of the agent") != std::string::npos);
  BOOST_TEST(!client.went_through_ssh());
  // The agent's other key would be accepted.
  const TestServer another;
  const fs::path unknown = another.client() / "id_ed25519";
  const Client refused(server.write_ssh_config(
      "none", {"IdentityAgent " + agent.socket().string(), "IdentityFile " + unknown.string()}));
  check_failure(refused, ErrorKind::auth, {"the server accepts none of " + unknown.string()});
}

BOOST_AUTO_TEST_CASE(offers_any_key_of_the_agent_before_the_files) {
  const TestServer server;
  const TestAgent agent;
  agent.add(server.make_key("ed25519", "in_agent"));
  Client client(server.write_ssh_config("any", {"IdentityAgent SSH_AUTH_SOCK", "IdentitiesOnly no"}));
  client.environment.ssh_auth_sock = agent.socket();
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.notes.find("with in_agent of the agent") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(falls_back_to_files_when_the_agent_is_gone_or_not_wanted) {
  const TestServer server;
  const Client gone(server.write_ssh_config("gone", {"IdentityAgent /nonexistent/agent"}));
  BOOST_TEST(gone.run("printf hello") == "hello");
  Client unwanted(server.write_ssh_config("unwanted", {"IdentityAgent none"}));
  unwanted.environment.ssh_auth_sock = "/nonexistent/agent";
  BOOST_TEST(unwanted.run("printf hello") == "hello");
  BOOST_TEST(unwanted.notes.find("agent") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(falls_back_to_files_when_the_agent_ends_the_connection) {
  const TestServer server;
  const ScriptedAgent agent(server.client() / "fake", {""}, ScriptedAgent::Then::ends);
  const Client client(server.write_ssh_config("closing", {"IdentityAgent " + agent.path()}));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(contains(client.notes, "cannot use the agent at " + agent.path() + ": it ended the connection"));
  BOOST_TEST(!client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(falls_back_to_files_when_the_agent_says_nothing) {
  const TestServer server;
  const ScriptedAgent agent(server.client() / "fake", {}, ScriptedAgent::Then::hangs);
  Client client(server.write_ssh_config("silent", {"IdentityAgent " + agent.path()}));
  client.options.timeout = std::chrono::seconds(6);
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(contains(client.notes, "cannot use the agent at " + agent.path() + ": it does not answer"));
  BOOST_TEST(!client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(ssh_does_not_wait_for_an_agent_that_says_nothing) {
  const TestServer server;
  const ScriptedAgent agent(server.client() / "fake", {}, ScriptedAgent::Then::hangs);
  const std::string identity_agent = "IdentityAgent " + agent.path();
  const fs::path rsa = server.make_key("rsa", "id_rsa");
  // What libssh2 finds out in its own login, and what only ssh can do from the beginning.
  for (const std::string& line : {"IdentityFile " + rsa.string(), std::string("AddressFamily inet")}) {
    Client client(server.write_ssh_config("silent", {identity_agent, line}));
    client.options.timeout = std::chrono::seconds(6);
    BOOST_TEST_REQUIRE(read_all(*client.connect()->open("printf hello")) == "hello", line);
    BOOST_TEST(client.went_through_ssh(), line);
    BOOST_TEST(contains(client.notes, "cannot use the agent at " + agent.path() + ": it does not answer"), line);
    BOOST_TEST(contains(client.server().ssh_for_programs(), "-o IdentityAgent=none"), line);
  }
}

BOOST_AUTO_TEST_CASE(names_the_agent_that_says_nothing_where_ssh_cannot_log_in_without_it) {
  const TestServer server;
  const ScriptedAgent agent(server.client() / "fake", {}, ScriptedAgent::Then::hangs);
  const std::string no_key = "IdentityFile " + (server.client() / "none").string();
  Client client(server.write_ssh_config("silent", {"IdentityAgent " + agent.path(), no_key, "AddressFamily inet"}));
  client.options.timeout = std::chrono::seconds(6);
  check_failure(client, ErrorKind::auth, {"Permission denied", agent.path(), "does not answer"});
}

BOOST_AUTO_TEST_CASE(leaves_an_rsa_key_in_a_file_to_ssh) {
  const TestServer server;
  const fs::path key = server.make_key("rsa", "id_rsa");
  const Client client(server.write_ssh_config("file", {"IdentityFile " + key.string()}));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(does_not_offer_keys_that_the_ssh_settings_do_not_accept) {
  const TestServer server;
  const TestAgent agent;
  agent.add(server.make_key("ed25519", "in_agent"));
  const fs::path key = server.make_key("ecdsa", "id_ecdsa");
  const Client client(server.write_ssh_config(
      "accepted", {"IdentityAgent " + agent.socket().string(), "IdentitiesOnly no", "IdentityFile " + key.string(),
                   "PubkeyAcceptedAlgorithms ecdsa-sha2-nistp256"}));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(contains(client.notes, "in_agent of the agent not tried"));
  BOOST_TEST(contains(client.notes, "with " + key.string()));
}

BOOST_AUTO_TEST_CASE(uses_a_later_key_where_an_rsa_key_comes_first) {
  const TestServer server;
  const fs::path rsa = server.make_key("rsa", "id_rsa");
  const fs::path ecdsa = server.make_key("ecdsa", "id_ecdsa");
  const Client client(
      server.write_ssh_config("both", {"IdentityFile " + rsa.string(), "IdentityFile " + ecdsa.string()}));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(!client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(an_encrypted_key_in_the_background_is_an_error_that_names_ssh_add) {
  const TestServer server;
  const fs::path key = server.make_key("ed25519", "locked", "secret words");
  const Client client(server.write_ssh_config("locked_config", {"IdentityFile " + key.string()}));
  check_failure(client, ErrorKind::auth, {key.string(), "encrypted", "ssh-add " + key.string()});
}

BOOST_AUTO_TEST_CASE(an_encrypted_rsa_key_in_the_background_names_ssh_add_too) {
  const TestServer server;
  const fs::path key = server.make_key("rsa", "locked", "secret words");
  const Client client(server.write_ssh_config("locked_config", {"IdentityFile " + key.string()}));
  check_failure(client, ErrorKind::auth, {"Permission denied", "ssh-add " + key.string()});
}

BOOST_AUTO_TEST_CASE(uses_the_agent_for_a_key_whose_file_is_encrypted) {
  const TestServer server;
  const TestAgent agent;
  const fs::path key = server.make_key("ed25519", "locked");
  agent.add(key);
  run_program({"ssh-keygen", "-q", "-p", "-P", "", "-N", "secret words", "-f", key});
  const Client client(server.write_ssh_config(
      "locked_config", {"IdentityAgent " + agent.socket().string(), "IdentityFile " + key.string()}));
  BOOST_TEST(client.run("printf hello") == "hello");
}

BOOST_AUTO_TEST_CASE(a_refused_login_lists_what_was_tried) {
  const TestServer server;
  const TestServer another;  // its keys are unknown to the first
  const std::string file = (another.client() / "id_ed25519").string();
  const Client refused(server.write_ssh_config("refused", {"IdentityFile " + file}));
  check_failure(refused, ErrorKind::auth, {"server", server.user(), file, "ssh-copy-id"});
  const Client nothing(server.write_ssh_config("nothing", {"IdentityFile /nonexistent"}));
  check_failure(nothing, ErrorKind::auth, {"no key to offer"});
}

BOOST_AUTO_TEST_CASE(lets_ssh_ask_a_person_once_for_all_commands) {
  const TestServer server;
  const fs::path key = server.make_key("ed25519", "locked", "secret words");
  const fs::path person = server.client() / "person";
  const fs::path asked = server.client() / "asked";
  std::ofstream(person) << "#!/bin/sh\necho asked >>'" << asked.string() << "'\necho secret words\n";
  fs::permissions(person, fs::perms::owner_all);
  Client client(server.write_ssh_config("locked_config", {"IdentityFile " + key.string()}));
  client.options.interactive = true;
  client.environment.variables.push_back("SSH_ASKPASS=" + person.string());
  client.environment.variables.emplace_back("SSH_ASKPASS_REQUIRE=force");
  const std::unique_ptr<ssh::Connection> connection = client.connect();
  for (int i = 0; i < 3; ++i) BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
  BOOST_TEST(client.went_through_ssh());
  BOOST_TEST(content_of(asked) == "asked\n");
}

BOOST_AUTO_TEST_CASE(lets_ssh_try_gssapi_when_no_key_was_accepted) {
  const TestServer server;
  const Client client(server.write_ssh_config("gssapi", {"GSSAPIAuthentication yes", "IdentityFile /nonexistent"}));
  check_failure(client, ErrorKind::auth, {"Permission denied"});
  BOOST_TEST(client.went_through_ssh());
  const Client with_key(server.write_ssh_config("gssapi_key", {"GSSAPIAuthentication yes"}));
  BOOST_TEST(with_key.run("printf hello") == "hello");
  BOOST_TEST(!with_key.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(offers_no_more_keys_than_the_server_lets_try) {
  const TestServer server;
  const TestServer another;
  const TestAgent agent;
  for (int i = 0; i < 7; ++i) agent.add(another.make_key("ed25519", "wrong" + std::to_string(i)));
  const Client client(
      server.write_ssh_config("many", {"IdentityAgent " + agent.socket().string(), "IdentitiesOnly no"}));
  check_failure(client, ErrorKind::auth, {"Too many authentication failures"});
  BOOST_TEST(client.notes.find("more keys than one connection may try") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(does_not_use_a_key_file_that_others_can_read) {
  const TestServer server;
  fs::permissions(server.client() / "id_ed25519", fs::perms(0644));
  check_failure(Client(server.ssh_config()), ErrorKind::auth, {"others can read it"});
}

BOOST_AUTO_TEST_SUITE_END()
