#include "ssh/algorithms.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace syncmanager::ssh;
using Names = std::vector<std::string>;

namespace {

const Algorithms supported{
    {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256-cert-v01@openssh.com", "ssh-ed25519", "ssh-rsa", "ssh-dss"},
    {"diffie-hellman-group14-sha1", "ecdh-sha2-nistp256", "curve25519-sha256"},
    {"aes128-cbc", "arcfour", "aes128-ctr", "aes256-ctr"},
    {"hmac-md5", "hmac-sha1", "hmac-sha2-256"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(algorithms)

BOOST_AUTO_TEST_CASE(takes_what_ssh_would_use_in_its_order_without_what_is_weak) {
  Settings settings;
  settings.host_key_algorithms = {"ssh-ed25519-cert-v01@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com",
                                  "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"};
  settings.key_exchanges = {"sntrup761x25519-sha512", "curve25519-sha256", "ecdh-sha2-nistp256",
                            "diffie-hellman-group14-sha1"};
  settings.ciphers = {"chacha20-poly1305@openssh.com", "aes256-ctr", "aes128-ctr", "aes128-cbc"};
  settings.macs = {"hmac-sha1", "hmac-sha2-256"};
  const Algorithms chosen = choose_algorithms(settings, {}, supported);
  BOOST_TEST(chosen.host_keys == (Names{"ssh-ed25519", "ecdsa-sha2-nistp256"}), boost::test_tools::per_element());
  BOOST_TEST(chosen.key_exchanges == (Names{"curve25519-sha256", "ecdh-sha2-nistp256"}),
             boost::test_tools::per_element());
  BOOST_TEST(chosen.ciphers == (Names{"aes256-ctr", "aes128-ctr"}), boost::test_tools::per_element());
  BOOST_TEST(chosen.macs == (Names{"hmac-sha2-256"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(puts_the_kinds_of_known_host_keys_first) {
  Settings settings;
  settings.host_key_algorithms = {"ssh-ed25519", "ecdsa-sha2-nistp256"};
  BOOST_TEST(choose_algorithms(settings, {"ssh-rsa", "ecdsa-sha2-nistp256"}, supported).host_keys ==
                 (Names{"ecdsa-sha2-nistp256", "ssh-ed25519"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(leaves_a_kind_empty_where_nothing_is_in_common) {
  Settings settings;
  settings.ciphers = {"chacha20-poly1305@openssh.com", "aes128-cbc"};
  BOOST_TEST(choose_algorithms(settings, {}, supported).ciphers.empty());
}

BOOST_AUTO_TEST_SUITE_END()
