#include "ssh/host_key.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"

using namespace syncmanager;
using namespace syncmanager::test;
namespace fs = std::filesystem;

namespace {

/// Replaces what the client knows of host keys.
fs::path know_only(const TestServer& server, const std::string& text) {
  std::ofstream(server.client() / "known_hosts") << text;
  return server.ssh_config();
}

std::string fingerprint_of(const TestServer& server, const std::string& type) {
  const fs::path file = server.client() / "fingerprint";
  run_program({"sh", "-c", "printf '%s\\n' \"$1\" | ssh-keygen -lf - > \"$2\"", "sh", server.host_key(type), file});
  const std::string line = content_of(file);  // BITS SHA256:… COMMENT (TYPE)
  const std::size_t begin = line.find(' ') + 1;
  return line.substr(begin, line.find(' ', begin) - begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(host_key)

BOOST_AUTO_TEST_CASE(refuses_an_unknown_key_with_fingerprint_and_command) {
  const TestServer server;
  const Client client(know_only(server, ""));
  check_failure(client, ErrorKind::auth,
                {"not known", fingerprint_of(server, "ed25519"), "ssh -F " + server.ssh_config().string() + " server"});
  BOOST_TEST(content_of(server.client() / "known_hosts").empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_changed_key_whatever_the_policy) {
  TestServer server;
  server.stop();
  server.change_host_keys();
  server.start();
  const std::string file = (server.client() / "known_hosts").string();
  const std::string name = "[127.0.0.1]:" + std::to_string(server.port());
  for (const std::string policy : {"yes", "accept-new", "no"}) {
    const Client client(server.write_ssh_config("config_" + policy, {"StrictHostKeyChecking " + policy}));
    check_failure(client, ErrorKind::auth,
                  {"has changed", fingerprint_of(server, "ed25519"), file + ":1", "ssh-keygen -f " + file, name});
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_revoked_key_even_where_it_is_also_known) {
  const TestServer server;
  const std::string line = server.known_hosts_line("ed25519");
  const Client client(know_only(server, line + "\n@revoked " + line + '\n'));
  check_failure(client, ErrorKind::auth, {"revoked", "known_hosts:2"});
}

BOOST_AUTO_TEST_CASE(records_a_new_key_with_accept_new) {
  const TestServer server;
  know_only(server, "# no line feed at the end");
  const fs::path config = server.write_ssh_config("new", {"StrictHostKeyChecking accept-new"});
  const Client client(config);
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(content_of(server.client() / "known_hosts") ==
             "# no line feed at the end\n" + server.known_hosts_line("ed25519") + '\n');
  BOOST_TEST(Client(server.ssh_config()).run("printf again") == "again");
}

BOOST_AUTO_TEST_CASE(records_a_new_key_hashed_and_in_a_new_folder) {
  const TestServer server;
  const fs::path file = server.client() / "new" / "known_hosts";
  const std::vector<std::string> lines{"StrictHostKeyChecking accept-new", "HashKnownHosts yes",
                                       "UserKnownHostsFile " + file.string()};
  const fs::path config = server.write_ssh_config("hashed", lines);
  BOOST_TEST(Client(config).run("printf hello") == "hello");
  BOOST_TEST(content_of(file).starts_with("|1|"));
  BOOST_CHECK(fs::status(file.parent_path()).permissions() == fs::perms(0700));
  // ssh itself finds it there.
  const fs::path strict =
      server.write_ssh_config("strict", {"UserKnownHostsFile " + file.string(), "StrictHostKeyChecking yes"});
  run_program({"ssh", "-F", strict, "server", "true"});
  BOOST_TEST(Client(strict).run("printf again") == "again");
}

BOOST_AUTO_TEST_CASE(records_a_new_key_once_for_all_connections) {
  const TestServer server;
  know_only(server, "");
  const Client client(server.write_ssh_config("new", {"StrictHostKeyChecking accept-new"}));
  const std::unique_ptr<ssh::Connection> first = client.connect();
  const std::unique_ptr<ssh::Connection> second = client.connect();
  BOOST_TEST(content_of(server.client() / "known_hosts") == server.known_hosts_line("ed25519") + '\n');
}

BOOST_AUTO_TEST_CASE(accepts_one_new_key_in_a_run_and_no_other) {
  TestServer server;
  know_only(server, "");
  const Client client(server.write_ssh_config("new", {"StrictHostKeyChecking accept-new"}));
  BOOST_TEST(read_all(*client.connect()->open("printf hello")) == "hello");
  server.stop();
  server.change_host_keys();
  server.start();
  BOOST_CHECK_EXCEPTION(static_cast<void>(client.connect()), Error, [](const Error& error) {
    return error.kind() == ErrorKind::auth && std::string(error.what()).find("has changed") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(takes_no_file_name_with_a_space_for_two_files) {
  TestServer server;
  const fs::path folder = server.client() / "my keys";
  fs::create_directory(folder);
  fs::copy(server.client() / "known_hosts", folder);
  server.stop();
  server.change_host_keys();
  server.start();
  const std::string file = "UserKnownHostsFile \"" + (folder / "known_hosts").string() + '"';
  check_failure(Client(server.write_ssh_config("space", {"StrictHostKeyChecking accept-new", file})), ErrorKind::auth,
                {"HAS CHANGED"});
  BOOST_TEST(!fs::exists(server.client() / "my"));
}

BOOST_AUTO_TEST_CASE(passes_over_a_file_that_cannot_be_reached) {
  const TestServer server;
  const fs::path loop = server.client() / "loop";
  fs::create_symlink(loop, loop);
  const std::string files =
      "UserKnownHostsFile " + (loop / "x").string() + " " + (server.client() / "known_hosts").string();
  BOOST_TEST(Client(server.write_ssh_config("looped", {files})).run("printf hello") == "hello");
}

BOOST_AUTO_TEST_CASE(never_writes_into_a_device) {
  const TestServer server;
  const fs::path config =
      server.write_ssh_config("null", {"StrictHostKeyChecking accept-new", "UserKnownHostsFile /dev/null"});
  BOOST_TEST(Client(config).run("printf hello") == "hello");
  BOOST_TEST(fs::is_character_file("/dev/null"));
}

BOOST_AUTO_TEST_CASE(accepts_an_unknown_key_with_a_note_where_checking_is_off) {
  const TestServer server;
  know_only(server, "");
  const Client client(server.write_ssh_config("off", {"StrictHostKeyChecking no"}));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.notes.find("accepted unchecked") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(asks_the_server_for_the_key_that_is_known) {
  const TestServer server({{"ed25519", "ecdsa"}, {}, {}});
  for (const std::string type : {"ecdsa", "ed25519"}) {
    const Client client(know_only(server, server.known_hosts_line(type) + '\n'));
    BOOST_TEST(client.run("printf hello") == "hello");
    BOOST_TEST(!client.went_through_ssh());
  }
}

BOOST_AUTO_TEST_CASE(does_not_take_a_key_of_another_kind_for_a_new_one) {
  const TestServer server;
  const TestServer another({{"ecdsa"}, {}, {}});
  std::string line = another.known_hosts_line("ecdsa");
  line.replace(0, line.find(' '), "[127.0.0.1]:" + std::to_string(server.port()));
  know_only(server, line + '\n');
  const Client client(server.write_ssh_config("new", {"StrictHostKeyChecking accept-new"}));
  check_failure(client, ErrorKind::auth, {"other kinds", "known_hosts:1"});
}

BOOST_AUTO_TEST_CASE(leaves_a_server_with_only_an_rsa_key_to_ssh) {
  const TestServer server({{"rsa"}, {}, {}});
  const Client client(server.ssh_config());
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(leaves_a_server_whose_rsa_key_is_the_known_one_to_ssh) {
  const TestServer server({{"rsa", "ed25519"}, {}, {}});
  const Client client(know_only(server, server.known_hosts_line("rsa") + '\n'));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(leaves_a_key_that_is_known_without_the_port_to_ssh) {
  const TestServer server;
  const Client client(know_only(server, "127.0.0.1 " + server.host_key("ed25519") + '\n'));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(looks_an_alias_up_without_the_port) {
  const TestServer server;
  know_only(server, "the-alias " + server.host_key("ed25519") + '\n');
  const Client client(server.write_ssh_config("alias", {"HostKeyAlias the-alias"}));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(!client.went_through_ssh());
}

BOOST_AUTO_TEST_CASE(leaves_certificate_authorities_to_ssh) {
  const TestServer server;
  const std::string line = server.known_hosts_line("ed25519");
  const Client client(know_only(server, "@cert-authority " + line + '\n' + line + '\n'));
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(client.went_through_ssh());
}

BOOST_AUTO_TEST_SUITE_END()
