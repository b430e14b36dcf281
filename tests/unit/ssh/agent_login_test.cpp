#include "ssh/agent_login.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "ssh/wire.hpp"

using namespace syncmanager::ssh;

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

BOOST_AUTO_TEST_SUITE_END()
