#include "ssh/identity.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager::ssh;
using namespace syncmanager::test;
namespace fs = std::filesystem;

namespace {

fs::path make_key(const TemporaryFolder& folder, const std::string& type, const std::string& passphrase,
                  const std::vector<std::string>& more = {}) {
  const fs::path file = folder.path() / "key";
  fs::remove(file);
  std::vector<std::string> argv{"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "comment", "-f", file};
  argv.insert(argv.end(), more.begin(), more.end());
  run_program(argv);
  return file;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identity)

BOOST_AUTO_TEST_CASE(reads_kind_and_public_key_of_what_ssh_keygen_makes) {
  const TemporaryFolder folder;
  struct Row {
    std::string type;
    std::string algorithm;
    std::vector<std::string> more;
  };
  const std::vector<Row> table{
      {"ed25519", "ssh-ed25519", {}},
      {"ecdsa", "ecdsa-sha2-nistp384", {"-b", "384"}},
      {"rsa", "ssh-rsa", {"-b", "1024"}},
      {"rsa", "ssh-rsa", {"-b", "1024", "-m", "PEM"}},
      {"ecdsa", "ecdsa-sha2-nistp256", {"-m", "PEM"}},
      {"ecdsa", "ecdsa-sha2-nistp256", {"-m", "PKCS8"}},
  };
  for (const Row& row : table) {
    for (const std::string passphrase : {"", "secret words"}) {
      const std::string file = make_key(folder, row.type, passphrase, row.more);
      const std::optional<Identity> identity = read_identity(file);
      BOOST_TEST_REQUIRE(identity.has_value());
      BOOST_TEST(identity->has_private);
      BOOST_TEST(identity->encrypted == !passphrase.empty());
      BOOST_TEST(identity->algorithm == row.algorithm);
      BOOST_TEST(!identity->exposed);
      BOOST_TEST(!identity->has_certificate);
      BOOST_CHECK(identity->blob == parse_public_key(content_of(file + ".pub")));
    }
  }
}

BOOST_AUTO_TEST_CASE(reads_the_public_key_out_of_an_openssh_key_without_pub_file) {
  const TemporaryFolder folder;
  const std::string file = make_key(folder, "ed25519", "secret words");
  const std::optional<std::string> blob = parse_public_key(content_of(file + ".pub"));
  fs::remove(file + ".pub");
  BOOST_CHECK(read_identity(file)->blob == blob);
}

BOOST_AUTO_TEST_CASE(knows_a_key_whose_private_half_is_elsewhere) {
  const TemporaryFolder folder;
  const std::string file = make_key(folder, "ed25519", "");
  fs::remove(file);
  for (const std::string& name : {file, file + ".pub"}) {
    const std::optional<Identity> identity = read_identity(name);
    BOOST_TEST_REQUIRE(identity.has_value());
    BOOST_TEST(!identity->has_private);
    BOOST_TEST(identity->algorithm == "ssh-ed25519");
  }
}

BOOST_AUTO_TEST_CASE(sees_certificates_and_permissions_that_are_too_wide) {
  const TemporaryFolder folder;
  const std::string file = make_key(folder, "ed25519", "");
  folder.write("key-cert.pub", "");
  fs::permissions(file, fs::perms(0640));
  const std::optional<Identity> identity = read_identity(file);
  BOOST_TEST_REQUIRE(identity.has_value());
  BOOST_TEST(identity->has_certificate);
  BOOST_TEST(identity->exposed);
}

BOOST_AUTO_TEST_CASE(passes_over_what_is_no_key) {
  const TemporaryFolder folder;
  BOOST_CHECK(!read_identity(folder.path() / "missing"));
  BOOST_CHECK(!read_identity(folder.path()));
  const std::string begin = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
  const std::string end = "-----END OPENSSH PRIVATE KEY-----\n";
  for (const std::string& text :
       {std::string(), std::string("text"), begin, begin + end, begin + "%%%\n" + end, begin + "AAAA\n" + end,
        begin + "b3BlbnNzaC1rZXktdjEA\n" + end, begin + "b3BlbnNzaC1rZXktdjEA/////w==\n" + end}) {
    BOOST_CHECK(!parse_private_key(text));
    const std::optional<Identity> identity = read_identity(folder.write("file", text));
    BOOST_TEST_REQUIRE(identity.has_value());
    BOOST_TEST(!identity->has_private);
    BOOST_TEST(identity->blob.empty());
  }
  for (const std::string text : {"", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa AAAAC3NzaC1lZDI1NTE5"}) {
    BOOST_CHECK(!parse_public_key(text));
  }
}

BOOST_AUTO_TEST_CASE(knows_what_libssh2_can_use) {
  const std::vector<std::pair<std::string, bool>> table{
      {"ssh-ed25519", true},
      {"ecdsa-sha2-nistp256", true},
      {"ecdsa-sha2-nistp384", true},
      {"ecdsa-sha2-nistp521", true},
      {"ssh-rsa", false},
      {"ssh-dss", false},
      {"sk-ssh-ed25519@openssh.com", false},
      {"ssh-ed25519-cert-v01@openssh.com", false},
      {"", false},
  };
  for (const auto& [algorithm, usable] : table) BOOST_TEST(libssh2_can_use(algorithm) == usable, algorithm);
}

BOOST_AUTO_TEST_SUITE_END()
