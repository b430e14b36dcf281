#include "ssh/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/error.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;

namespace {

Settings with(const std::string& lines) {
  return parse_settings("hostname h\n" + lines);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(reads_what_ssh_prints) {
  // ssh -G -p 2222 -l jane alias, shortened
  const Settings settings = parse_settings(
      "host alias\n"
      "user jane\n"
      "hostname server.example.org\n"
      "port 2222\n"
      "addressfamily any\n"
      "batchmode no\n"
      "gssapiauthentication yes\n"
      "hashknownhosts yes\n"
      "identitiesonly yes\n"
      "pubkeyauthentication true\n"
      "stricthostkeychecking accept-new\n"
      "verifyhostkeydns false\n"
      "ciphers chacha20-poly1305@openssh.com,aes128-ctr\n"
      "hostkeyalgorithms ssh-ed25519,rsa-sha2-512\n"
      "pubkeyacceptedalgorithms ssh-ed25519,rsa-sha2-256\n"
      "kexalgorithms curve25519-sha256\n"
      "macs hmac-sha2-256,hmac-sha2-512\n"
      "hostkeyalias other.example.org\n"
      "identityagent /run/user/1000/agent\n"
      "identityfile ~/.ssh/id_ed25519\n"
      "identityfile /with space/key\n"
      "certificatefile ~/certificate\n"
      "globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2\n"
      "userknownhostsfile /home/jane/.ssh/known_hosts\n"
      "connecttimeout 7\n"
      "controlpath /run/control\n"
      "controlmaster auto\n"
      "controlpersist 5\n"
      "sendenv LANG\n"
      "sendenv LC_*\n"
      "proxyjump jump.example.org\n"
      "syslogfacility USER\n");
  BOOST_TEST(settings.host_name == "server.example.org");
  BOOST_TEST(settings.port == 2222);
  BOOST_TEST(settings.user == "jane");
  BOOST_TEST(settings.host_key_alias == "other.example.org");
  BOOST_TEST(settings.identity_files == (std::vector<std::string>{"~/.ssh/id_ed25519", "/with space/key"}),
             boost::test_tools::per_element());
  BOOST_TEST(settings.certificate_files.size() == 1U);
  BOOST_TEST(settings.identities_only);
  BOOST_TEST(settings.identity_agent == "/run/user/1000/agent");
  BOOST_TEST(settings.user_known_hosts.size() == 1U);
  BOOST_TEST(settings.global_known_hosts.size() == 2U);
  BOOST_CHECK(settings.host_keys == HostKeyPolicy::accept_new);
  BOOST_TEST(settings.proxy_jump == "jump.example.org");
  BOOST_TEST(settings.proxy_command.empty());
  BOOST_TEST(settings.control_path == "/run/control");
  BOOST_TEST(settings.control_master == "auto");
  BOOST_TEST(settings.control_persist == "5");
  BOOST_TEST(settings.send_env.back() == "LC_*");
  BOOST_CHECK(settings.connect_timeout == std::chrono::seconds(7));
  BOOST_TEST(settings.hash_known_hosts);
  BOOST_TEST(settings.gssapi);
  BOOST_TEST(settings.host_key_algorithms.size() == 2U);
  BOOST_TEST(settings.public_key_algorithms.size() == 2U);
  BOOST_TEST(settings.key_exchanges.size() == 1U);
  BOOST_TEST(settings.ciphers.back() == "aes128-ctr");
  BOOST_TEST(settings.macs.size() == 2U);
  BOOST_TEST(settings.only_by_ssh.empty());
}

BOOST_AUTO_TEST_CASE(knows_the_older_name_of_the_accepted_algorithms) {
  BOOST_TEST(with("pubkeyacceptedkeytypes ssh-ed25519\n").public_key_algorithms.size() == 1U);
}

BOOST_AUTO_TEST_CASE(takes_none_for_nothing) {
  const Settings settings = with(
      "proxyjump none\nproxycommand none\nhostkeyalias none\nconnecttimeout none\n"
      "identityfile none\ncertificatefile none\ncontrolpath none\n");
  BOOST_TEST(settings.proxy_jump.empty());
  BOOST_TEST(settings.proxy_command.empty());
  BOOST_TEST(settings.host_key_alias.empty());
  BOOST_TEST(settings.control_path.empty());
  BOOST_TEST(settings.identity_files.empty());
  BOOST_TEST(settings.certificate_files.empty());
  BOOST_CHECK(!settings.connect_timeout);
}

BOOST_AUTO_TEST_CASE(knows_all_words_for_the_policy) {
  using enum HostKeyPolicy;
  const std::vector<std::pair<std::string, HostKeyPolicy>> table{
      {"ask", ask}, {"yes", ask}, {"true", ask}, {"accept-new", accept_new}, {"no", off}, {"off", off}, {"false", off}};
  for (const auto& [word, policy] : table) {
    BOOST_CHECK_MESSAGE(with("stricthostkeychecking " + word).host_keys == policy, word);
  }
}

BOOST_AUTO_TEST_CASE(collects_what_only_ssh_can_honour) {
  const std::vector<std::pair<std::string, bool>> table{
      {"addressfamily any", false},
      {"addressfamily inet6", true},
      {"bindaddress 10.0.0.1", true},
      {"checkhostip no", false},
      {"checkhostip yes", true},
      {"hostbasedauthentication no", false},
      {"hostbasedauthentication yes", true},
      {"knownhostscommand none", false},
      {"knownhostscommand /bin/keys", true},
      {"nohostauthenticationforlocalhost yes", true},
      {"permitlocalcommand yes", true},
      {"pkcs11provider /lib/card.so", true},
      {"preferredauthentications publickey,password", false},
      {"preferredauthentications password", true},
      {"pubkeyauthentication false", true},
      {"pubkeyauthentication host-bound", true},
      {"revokedhostkeys /etc/ssh/revoked", true},
      {"verifyhostkeydns ask", true},
      {"forwardagent yes", false},
  };
  for (const auto& [line, needed] : table) {
    const std::vector<std::string> expected = needed ? std::vector<std::string>{line} : std::vector<std::string>{};
    BOOST_TEST(with(line).only_by_ssh == expected, line);
  }
}

BOOST_AUTO_TEST_CASE(refuses_values_that_it_cannot_read) {
  for (const std::string line : {"port 0", "port 65536", "port", "port ssh", "identitiesonly maybe",
                                 "stricthostkeychecking sometimes", "connecttimeout soon"}) {
    BOOST_CHECK_EXCEPTION(static_cast<void>(with(line)), Error, [&](const Error& error) {
      return error.kind() == ErrorKind::failed && std::string(error.what()).find(line) != std::string::npos;
    });
  }
  BOOST_CHECK_THROW(static_cast<void>(parse_settings("")), Error);
  BOOST_CHECK_THROW(static_cast<void>(parse_settings("user jane\n")), Error);
}

BOOST_AUTO_TEST_CASE(expands_names_of_key_files) {
  Settings settings = with("user jane\nport 2222\n");
  Environment environment;
  environment.home = "/home/j";
  environment.user = "local";
  environment.variables = {"KEYS=/keys", "N=7"};
  const std::vector<std::pair<std::string, std::optional<std::string>>> table{
      {"/key", "/key"},
      {"~/.ssh/id", "/home/j/.ssh/id"},
      {"%d/.ssh/%h_%r_%p_%u", "/home/j/.ssh/h_jane_2222_local"},
      {"/%%/%i", "/%/" + std::to_string(getuid())},
      {"/keys/%C", std::nullopt},
      {"/keys/%", std::nullopt},
      {"${KEYS}/id${N}", "/keys/id7"},
      {"${KEY}/id", std::nullopt},
      {"/keys/${KEY", std::nullopt},
      {"$KEYS/id", "$KEYS/id"},
  };
  for (const auto& [file, expected] : table) {
    BOOST_CHECK_MESSAGE(expand_file(file, settings, environment) == expected, file);
  }
}

BOOST_AUTO_TEST_SUITE_END()
