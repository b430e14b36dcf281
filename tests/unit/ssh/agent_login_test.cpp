#include "ssh/agent_login.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/interrupt.hpp"
#include "ssh/identity.hpp"
#include "ssh/wire.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"
#include "unit/ssh/scripted_agent.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using namespace syncmanager::test;
namespace fs = std::filesystem;

namespace {

std::string blob_of(std::string_view type) {
  return WireWriter().string(type).string("the rest").blob();
}

const std::string session_id(32, 's');

WireWriter login_request() {
  WireWriter writer;
  writer.string(session_id).byte(50).string("jane").string("ssh-connection");
  return writer;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// An ssh_config that leaves nothing but the agent, with all of its keys.
std::vector<std::string> only_agent(const std::string& socket) {
  return {"IdentityAgent " + socket, "IdentitiesOnly no", "IdentityFile /nonexistent"};
}

/// A server that accepts one key, of which the agent asks a person before each use.
struct Confirmed {
  TestServer server;
  TestAgent agent;
  fs::path config;

  /// `person` is a line for a shell; its exit status is the answer.
  explicit Confirmed(const std::string& person)
      : agent({}, {"SSH_ASKPASS=" + answer().string(), "SSH_ASKPASS_REQUIRE=force", "DISPLAY=none"}),
        config(server.write_ssh_config("confirm", only_agent(agent.socket()))) {
    agent.add(server.make_key("ed25519", "confirmed"), {"-c"});
    std::ofstream(answer()) << "#!/bin/sh\n" << person << '\n';
    fs::permissions(answer(), fs::perms::owner_all);
  }
  [[nodiscard]] fs::path answer() const { return server.client() / "answer"; }
};

/// A private gpg-agent(1) that speaks ssh's protocol, with one key.
class GpgAgent {
 public:
  /// `type` as gpg --quick-generate-key takes it.
  explicit GpgAgent(const std::string& type) {
    folder_.write("gpg-agent.conf", "enable-ssh-support\n");
    shell("gpg --batch --quiet --passphrase '' --quick-generate-key jane " + type + " auth never");
    shell("gpg --with-keygrip --with-colons -K jane | awk -F: '/^grp/ {print $10}' > \"$GNUPGHOME/sshcontrol\"");
    shell("gpgconf --list-dirs agent-ssh-socket | tr -d '\\n' > \"$GNUPGHOME/path\"");
    shell("SSH_AUTH_SOCK=$(cat \"$GNUPGHOME/path\") ssh-add -L > \"$GNUPGHOME/key.pub\"");
  }
  ~GpgAgent() { shell("gpgconf --kill gpg-agent || true"); }
  GpgAgent(const GpgAgent&) = delete;
  GpgAgent& operator=(const GpgAgent&) = delete;

  [[nodiscard]] std::string socket() const { return content_of(folder_.path() / "path"); }
  /// `key`.pub is its public half.
  [[nodiscard]] fs::path key() const { return folder_.path() / "key"; }

 private:
  void shell(const std::string& line) const {
    run_program({"sh", "-c", line}, {"GNUPGHOME=" + folder_.path().string()});
  }

  TemporaryFolder folder_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(agent_login)

BOOST_AUTO_TEST_CASE(renames_rsa_keys_for_openssh_only) {
  struct Row {
    bool libssh2_knows_sha2;
    std::string_view banner;
    RsaWay way;
  };
  const Row table[] = {
      {false, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", RsaWay::by_renamed_blob},
      {false, "SSH-2.0-dropbear_2022.83", RsaWay::only_ssh},
      {false, "SSH-2.0-Go", RsaWay::only_ssh},
      {false, "SSH-2.0-NotOpenSSH_9.2", RsaWay::only_ssh},
      {false, "", RsaWay::only_ssh},
      {true, "SSH-2.0-OpenSSH_9.2p1", RsaWay::by_renamed_blob},
      {true, "SSH-2.0-Go", RsaWay::by_libssh2},
  };
  for (const Row& row : table) BOOST_CHECK(choose_rsa_way(row.libssh2_knows_sha2, row.banner) == row.way);
}

BOOST_AUTO_TEST_CASE(shows_a_blob_that_makes_libssh2_sign_right) {
  const std::vector<std::string> all;
  const std::vector<std::string> usual{"ssh-ed25519", "rsa-sha2-512-cert-v01@openssh.com", "rsa-sha2-512",
                                       "rsa-sha2-256"};
  const std::vector<std::string> only_256{"rsa-sha2-256"};
  const std::vector<std::string> without_rsa{"ssh-ed25519", "ssh-rsa"};
  struct Row {
    std::string type;
    std::vector<std::string> accepted;
    RsaWay way;
    std::optional<std::string> shown;
  };
  const Row table[] = {
      {"ssh-ed25519", all, RsaWay::only_ssh, "ssh-ed25519"},
      {"ecdsa-sha2-nistp521", all, RsaWay::by_renamed_blob, "ecdsa-sha2-nistp521"},
      {"ssh-rsa", all, RsaWay::by_renamed_blob, "rsa-sha2-512"},
      {"ssh-rsa", usual, RsaWay::by_renamed_blob, "rsa-sha2-512"},
      {"ssh-rsa", only_256, RsaWay::by_renamed_blob, "rsa-sha2-256"},
      {"ssh-rsa", without_rsa, RsaWay::by_renamed_blob, std::nullopt},
      {"ssh-rsa", without_rsa, RsaWay::by_libssh2, std::nullopt},
      {"ssh-rsa", usual, RsaWay::by_libssh2, "ssh-rsa"},
      {"ssh-rsa", usual, RsaWay::only_ssh, std::nullopt},
      {"ssh-ed25519-cert-v01@openssh.com", all, RsaWay::by_libssh2, std::nullopt},
      {"ssh-rsa-cert-v01@openssh.com", all, RsaWay::by_renamed_blob, std::nullopt},
      {"sk-ssh-ed25519@openssh.com", all, RsaWay::by_libssh2, std::nullopt},
      {"ssh-dss", all, RsaWay::by_libssh2, std::nullopt},
  };
  for (const Row& row : table) {
    const std::optional<std::string> expected = row.shown ? std::optional(blob_of(*row.shown)) : std::nullopt;
    BOOST_CHECK_MESSAGE(blob_to_show(blob_of(row.type), row.accepted, row.way) == expected, row.type);
  }
  BOOST_CHECK(!blob_to_show("", all, RsaWay::by_libssh2));
  BOOST_CHECK(!blob_to_show("\1\1", all, RsaWay::by_renamed_blob));
}

BOOST_AUTO_TEST_CASE(never_asks_for_a_signature_by_sha1) {
  BOOST_CHECK(flags_for("rsa-sha2-512") == rsa_sha2_512);
  BOOST_CHECK(flags_for("rsa-sha2-256") == rsa_sha2_256);
  BOOST_CHECK(flags_for("ssh-ed25519") == 0U);
  BOOST_CHECK(flags_for("ecdsa-sha2-nistp384") == 0U);
  for (const std::string_view refused : {"ssh-rsa", "ssh-dss", ""}) BOOST_CHECK(!flags_for(refused));
}

BOOST_AUTO_TEST_CASE(reads_the_algorithm_out_of_what_is_to_be_signed) {
  const std::string whole =
      login_request().string("publickey").byte(1).string("rsa-sha2-512").string(blob_of("ssh-rsa")).blob();
  BOOST_TEST(algorithm_to_sign_with(whole) == "rsa-sha2-512");
  const std::string other_method = login_request().string("hostbased").byte(1).string("rsa-sha2-512").blob();
  BOOST_TEST(algorithm_to_sign_with(other_method) == "");
  const std::string unsigned_request = login_request().string("publickey").byte(0).string("rsa-sha2-512").blob();
  BOOST_TEST(algorithm_to_sign_with(unsigned_request) == "");
  BOOST_TEST(algorithm_to_sign_with(WireWriter().string(session_id).byte(51).blob()) == "");
  BOOST_TEST(algorithm_to_sign_with("") == "");
}

BOOST_AUTO_TEST_CASE(an_rsa_key_of_the_agent_logs_in_without_ssh) {
  for (const std::string algorithm : {"rsa-sha2-512", "rsa-sha2-256"}) {
    const TestServer server(
        {.host_keys = {"ed25519"}, .lines = {"PubkeyAcceptedAlgorithms " + algorithm}, .force_command = {}});
    const TestAgent agent;
    agent.add(server.make_key("rsa", "key_rsa"));
    std::vector<std::string> lines = only_agent(agent.socket());
    lines.push_back("PubkeyAcceptedAlgorithms " + algorithm);
    const Client client(server.write_ssh_config("agent", lines));
    BOOST_TEST(client.run("printf hello") == "hello");
    BOOST_TEST(contains(client.notes, "with key_rsa of the agent"));
    BOOST_TEST(!client.went_through_ssh());
  }
}

BOOST_AUTO_TEST_CASE(leaves_an_rsa_key_that_the_server_does_not_take_from_libssh2_to_ssh) {
  const TestServer server(
      {.host_keys = {"ed25519"}, .lines = {"PubkeyAcceptedAlgorithms rsa-sha2-256"}, .force_command = {}});
  const TestAgent agent;
  agent.add(server.make_key("rsa", "key_rsa"));
  const Client client(server.write_ssh_config("agent", only_agent(agent.socket())));  // prefers rsa-sha2-512
  check_failure(client, ErrorKind::auth, {"Permission denied"});                      // so does ssh, by the way
  BOOST_TEST(contains(client.notes, "through ssh: libssh2 can't use key_rsa of the agent (ssh-rsa)"));
}

BOOST_AUTO_TEST_CASE(leaves_a_certificate_of_the_agent_to_ssh) {
  const TestServer server;
  const TestAgent agent;
  const fs::path key = server.make_key("ed25519", "certified");
  run_program({"ssh-keygen", "-q", "-s", server.client() / "id_ed25519", "-I", "certified", key.string() + ".pub"});
  agent.add(key);  // ssh-add takes the certificate too
  fs::remove(key);
  fs::remove(key.string() + ".pub");
  const TestServer stranger;
  const Client client(stranger.write_ssh_config("agent", only_agent(agent.socket())));
  check_failure(client, ErrorKind::auth, {"Permission denied"});
  BOOST_TEST(contains(client.notes, "certified of the agent (ssh-ed25519-cert-v01@openssh.com)"));
}

BOOST_AUTO_TEST_CASE(a_person_has_time_to_confirm_the_use_of_a_key) {
  const Confirmed world("exec sleep 6.5");
  Client client(world.config);
  client.options.timeout = std::chrono::seconds(6);
  client.options.interactive = true;
  BOOST_TEST(client.run("printf hello") == "hello");
  BOOST_TEST(contains(client.notes, "with confirmed of the agent"));
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_login_while_the_agent_asks) {
  for (const bool interactive : {true, false}) {
    const Interrupt interrupt;
    const Confirmed world("touch \"$0.asked\"; exec sleep 60");
    Client client(world.config);
    client.options.interactive = interactive;
    client.options.interrupt = &interrupt;
    const std::jthread person([&] {
      wait_until([&] { return fs::exists(world.answer().string() + ".asked"); }, "the agent asks",
                 std::chrono::minutes(1));
      interrupt.request();
    });
    check_failure(client, ErrorKind::interrupted, {});
  }
}

BOOST_AUTO_TEST_CASE(a_person_can_refuse_the_use_of_a_key) {
  const Confirmed world("exit 1");
  check_failure(Client(world.config), ErrorKind::auth, {"the agent did not sign with confirmed"});
}

BOOST_AUTO_TEST_CASE(nobody_confirms_the_use_of_a_key_in_the_background) {
  const Confirmed world("exec sleep 60");
  Client client(world.config);
  client.options.timeout = std::chrono::seconds(6);
  check_failure(client, ErrorKind::auth, {"the agent did not sign with confirmed", "it does not answer"});
  // It still waits for that person.
  check_failure(client, ErrorKind::auth, {"cannot use the agent at " + world.agent.socket().string()});
}

BOOST_AUTO_TEST_CASE(falls_back_to_the_file_of_a_key_that_the_agent_does_not_sign_with) {
  const TestServer server;
  const std::string blob = parse_public_key(content_of(server.client() / "id_ed25519.pub")).value();
  const std::string list = framed(WireWriter().byte(12).number(1).string(blob).string("stubborn").blob());
  const std::string foreign = WireWriter().string("ssh-rsa").string("bytes").blob();
  const std::vector<std::pair<std::string, ScriptedAgent::Then>> table{
      {framed("\x05"), ScriptedAgent::Then::hangs},
      {framed("rubbish"), ScriptedAgent::Then::hangs},
      {framed(WireWriter().byte(14).string(foreign).blob()), ScriptedAgent::Then::hangs},
      {"", ScriptedAgent::Then::ends},
      {"", ScriptedAgent::Then::hangs},
  };
  for (std::size_t i = 0; i < table.size(); ++i) {
    const ScriptedAgent agent(server.client() / std::to_string(i), {list, table[i].first}, table[i].second);
    Client client(server.write_ssh_config("stubborn", {"IdentityAgent " + agent.path()}));
    client.options.timeout = std::chrono::seconds(6);
    BOOST_TEST(client.run("printf hello") == "hello");
    BOOST_TEST(contains(client.notes, "with " + (server.client() / "id_ed25519").string()));
    BOOST_TEST(!client.went_through_ssh());
    const Client without_file(server.write_ssh_config("without_file", only_agent(agent.path())));
    if (i == 0) check_failure(without_file, ErrorKind::auth, {"the agent did not sign with stubborn", "unlock"});
  }
}

BOOST_AUTO_TEST_CASE(keys_of_gpg_log_in) {
  for (const std::string type : {"rsa2048", "ed25519"}) {
    const TestServer server;
    const GpgAgent agent(type);
    server.authorize(agent.key());
    const Client client(server.write_ssh_config("gpg", only_agent(agent.socket())));
    BOOST_TEST(client.run("printf hello") == "hello");
    BOOST_TEST(!client.went_through_ssh());
  }
}

BOOST_AUTO_TEST_SUITE_END()
