#include "ssh/known_hosts.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "ssh/wire.hpp"

using namespace syncmanager::ssh;

namespace {

// Made with ssh-keygen; A and B are of one kind, E is of another.
const std::string A = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIUQ7U3es9FcHZiJFXE0J+iQATsqd9ALtkgPOrVujgzA";
const std::string B = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOKQfA6wrRB8cmLzGnqUA4oR8LOQuasV1n7fKS6RRUgm";
const std::string E =
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBP6JBGGzKApkHuQ8/YWa5V/jsPrdlNQZuxIRYpAE"
    "sLRjDtdPB1d/FTr7goZGoq1UOkJYz18cTHpH6vN6857SinA=";

// server.example.org, and [server.example.org]:2222, as ssh-keygen -H hashes them
const std::string hashed = "|1|eqbMej6OxoZ5mW5cDaC/SYLQfCs=|ViyRjRImdXAu095nYbUCOwFo0MM=";
const std::string hashed_with_port = "|1|yET/ZYbrbZeERlaAgZTit/zZkWM=|fQDatKrkR9E4aE9VTTfYK5tY1QY=";

std::string blob(const std::string& key) {
  return decode_base64(key.substr(key.find(' ') + 1)).value();
}

HostKeyVerdict verdict_of(const std::string& file, const std::string& host, int port, const std::string& key) {
  const std::string algorithm = key.substr(0, key.find(' '));
  return check_host_key(parse_known_hosts(file, "file"), host, port, algorithm, blob(key)).verdict;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(known_hosts)

BOOST_AUTO_TEST_CASE(judges_a_key_by_all_lines_for_the_host) {
  using enum HostKeyVerdict;
  struct Row {
    std::string what;
    std::string file;
    std::string host;
    int port;
    HostKeyVerdict verdict;  // of key A
  };
  const std::vector<Row> table{
      {"nothing is known", "", "h", 22, unknown},
      {"another host", "other " + A, "h", 22, unknown},
      {"the host", "h " + A, "h", 22, trusted},
      {"a comment behind", "h " + A + " the server", "h", 22, trusted},
      {"a comment line", "# h " + A, "h", 22, unknown},
      {"white space", " \th\t" + A + "  \r", "h", 22, trusted},
      {"case does not matter", "Server.Example.ORG " + A, "sErver.example.org", 22, trusted},
      {"a list of names", "x,h,10.0.0.1 " + A, "h", 22, trusted},
      {"the whole name only", "hh,h.example " + A, "h", 22, unknown},
      {"a pattern", "*.example.org " + A, "h.example.org", 22, trusted},
      {"a question mark", "h?.example.org " + A, "h1.example.org", 22, trusted},
      {"a negated pattern wins", "*.example.org,!bad.example.org " + A, "bad.example.org", 22, unknown},
      {"a negated pattern first", "!bad.example.org,*.example.org " + A, "bad.example.org", 22, unknown},
      {"a negated pattern for others", "!bad.example.org,*.example.org " + A, "h.example.org", 22, trusted},
      {"only a negated pattern", "!bad.example.org " + A, "h.example.org", 22, unknown},
      {"a port", "[h]:2222 " + A, "h", 2222, trusted},
      {"another port", "[h]:2222 " + A, "h", 2223, unknown},
      {"a name without port is for port 22", "h " + A, "h", 2222, unknown},
      {"a name with port is not for port 22", "[h]:2222 " + A, "h", 22, unknown},
      {"a pattern with port", "[*.example.org]:2222 " + A, "h.example.org", 2222, trusted},
      {"an address", "[::1]:2222,::1 " + A, "::1", 22, trusted},
      {"hashed", hashed + ' ' + A, "server.example.org", 22, trusted},
      {"hashed, in other case", hashed + ' ' + A, "Server.Example.Org", 22, trusted},
      {"hashed, another host", hashed + ' ' + A, "other.example.org", 22, unknown},
      {"hashed, another port", hashed + ' ' + A, "server.example.org", 2222, unknown},
      {"hashed with port", hashed_with_port + ' ' + A, "server.example.org", 2222, trusted},
      {"hashed, broken", "|1|eqbMej6O|ViyR " + A + "\n|1| " + A + "\n|1|| " + A, "server.example.org", 22, unknown},
      {"changed", "h " + B, "h", 22, changed},
      {"changed beside another kind", "h " + E + "\nh " + B, "h", 22, changed},
      {"one of several", "h " + B + "\nh " + E + "\nh " + A, "h", 22, trusted},
      {"one of several, first", "h " + A + "\nh " + B, "h", 22, trusted},
      {"another kind only", "h " + E, "h", 22, other_types},
      {"revoked", "@revoked h " + A, "h", 22, revoked},
      {"revoked, and known before", "h " + A + "\n@revoked h " + A, "h", 22, revoked},
      {"revoked, and known behind", "@revoked h " + A + "\nh " + A, "h", 22, revoked},
      {"revoked for all", "h " + A + "\n@revoked * " + A, "h", 22, revoked},
      {"another key is revoked", "h " + A + "\n@revoked h " + B, "h", 22, trusted},
      {"revoked for another host", "h " + A + "\n@revoked x " + A, "h", 22, trusted},
      {"a certificate authority is no host key", "@cert-authority h " + A, "h", 22, unknown},
      {"an unknown marker", "@wanted h " + A, "h", 22, unknown},
      {"a malformed line is passed over", "h\nh ssh-ed25519\nh ssh-ed25519 %%%\nh " + A, "h", 22, trusted},
      {"a key of another kind than it says", "h ssh-rsa" + A.substr(A.find(' ')), "h", 22, unknown},
      {"a cut key", "h " + A.substr(0, A.size() - 4), "h", 22, changed},
      {"a kind that only ssh may know", "h ssh-new AAAAB3NzaC1uZXc=", "h", 22, other_types},
  };
  for (const Row& row : table) {
    BOOST_CHECK_MESSAGE(verdict_of(row.file, row.host, row.port, A) == row.verdict, row.what);
  }
}

BOOST_AUTO_TEST_CASE(names_file_and_line_that_decided) {
  std::vector<KnownHost> known = parse_known_hosts("# comment\n\nh " + E + '\n', "/first");
  const std::vector<KnownHost> more = parse_known_hosts("x " + A + "\nh " + B, "/second");
  known.insert(known.end(), more.begin(), more.end());
  const HostKeyCheck changed = check_host_key(known, "h", 22, "ssh-ed25519", blob(A));
  BOOST_CHECK(changed.verdict == HostKeyVerdict::changed);
  BOOST_TEST(changed.file == "/second");
  BOOST_TEST(changed.line == 2);
  const HostKeyCheck other = check_host_key({known.front()}, "h", 22, "ssh-ed25519", blob(A));
  BOOST_CHECK(other.verdict == HostKeyVerdict::other_types);
  BOOST_TEST(other.file == "/first");
  BOOST_TEST(other.line == 3);
}

BOOST_AUTO_TEST_CASE(lists_the_algorithms_known_for_a_host_once) {
  const std::vector<KnownHost> known = parse_known_hosts(
      "h " + E + "\nh,x " + A + "\n@revoked * " + B + "\nx " + E + "\nh " + B + "\n@cert-authority h " + A, "file");
  const std::vector<std::string> both{"ecdsa-sha2-nistp256", "ssh-ed25519"};
  const std::vector<std::string> none;
  BOOST_TEST(known_algorithms(known, "h", 22) == both, boost::test_tools::per_element());
  BOOST_TEST(known_algorithms(known, "h", 2222) == none, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tells_whether_an_authority_is_for_the_host) {
  const std::vector<KnownHost> known = parse_known_hosts("@cert-authority *.example.org " + A + "\nh " + A, "file");
  BOOST_TEST(has_cert_authority(known, "h.example.org", 22));
  BOOST_TEST(!has_cert_authority(known, "h", 22));
  BOOST_TEST(!has_cert_authority(known, "h.example.org", 2222));
}

BOOST_AUTO_TEST_CASE(writes_lines_that_it_reads_again) {
  for (const int port : {22, 2222}) {
    for (const bool hash : {false, true}) {
      const std::string line = known_hosts_line("Host.Example", port, blob(A), hash);
      BOOST_TEST(line.starts_with("|1|") == hash);
      BOOST_CHECK(verdict_of(line, "host.example", port, A) == HostKeyVerdict::trusted);
      BOOST_CHECK(verdict_of(line, "other.example", port, A) == HostKeyVerdict::unknown);
    }
  }
  BOOST_TEST(known_hosts_line("Host.Example", 2222, blob(A), false) == "[host.example]:2222 " + A + '\n');
  BOOST_TEST(known_hosts_line("h", 22, blob(A), true) != known_hosts_line("h", 22, blob(A), true));
}

BOOST_AUTO_TEST_CASE(prints_fingerprints_as_ssh_keygen_does) {
  BOOST_TEST(fingerprint(blob(A)) == "SHA256:4E5egS0fjVAopX+Mo/NHhWyUJPoajSqiDdCbjNuYQhs");
}

BOOST_AUTO_TEST_SUITE_END()
