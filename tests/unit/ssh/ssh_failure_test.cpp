#include "ssh/ssh_failure.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace syncmanager;
using namespace syncmanager::ssh;

BOOST_AUTO_TEST_SUITE(ssh_failure_words)

BOOST_AUTO_TEST_CASE(tells_refused_logins_host_keys_and_networks_apart) {
  struct Row {
    std::string errors;
    ErrorKind kind;
    std::string words;
  };
  const std::vector<Row> table{
      {"jane@h: Permission denied (publickey).\r\n", ErrorKind::auth, "jane@h: Permission denied (publickey)."},
      {"Warning: Permanently added 'h' to the list.\nReceived disconnect from 10.0.0.1 port 22:2: Too many "
       "authentication failures\nDisconnected from 10.0.0.1 port 22\n",
       ErrorKind::auth, "Too many authentication failures"},
      {"No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.\n",
       ErrorKind::auth, "Host key verification failed."},
      {"@@@@@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@@@@@\nHost key verification "
       "failed.\n",
       ErrorKind::auth, "has changed"},
      {"ssh: Could not resolve hostname h: Name or service not known\n", ErrorKind::offline, "Could not resolve"},
      {"ssh: connect to host h port 22: Connection refused\n", ErrorKind::offline, "Connection refused"},
      {"ssh: connect to host h port 22: Connection timed out\n", ErrorKind::offline, "Connection timed out"},
      {"ssh: connect to host h port 22: No route to host\n", ErrorKind::offline, "No route to host"},
      {"kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.1 port 22\n",
       ErrorKind::offline, "Connection reset"},
      {"Connection closed by 10.0.0.1 port 22\n", ErrorKind::offline, "Connection closed"},
      {"banner of the server\n\nConnection to h closed by remote host.\n", ErrorKind::offline, "closed by remote host"},
      {"/etc/ssh/ssh_config: line 3: Bad configuration option: foo\nterminating, 1 bad configuration options\n",
       ErrorKind::failed, "terminating, 1 bad configuration options"},
      {"", ErrorKind::failed, "without a word"},
      {"@@@@", ErrorKind::failed, "@@@@"},
  };
  for (const Row& row : table) {
    const Error error = ssh_failure("the-server", row.errors, "the hint");
    BOOST_CHECK_MESSAGE(error.kind() == row.kind, row.errors);
    const std::string message = error.what();
    BOOST_TEST(message.find("the-server") != std::string::npos);
    BOOST_CHECK_MESSAGE(message.find(row.words) != std::string::npos, message);
    BOOST_TEST(message.find_first_of("\r\n") == std::string::npos);
  }
  BOOST_TEST(ssh_failure("h", "jane@h: Permission denied (publickey).\n", "the hint").hint() == "the hint");
}

BOOST_AUTO_TEST_SUITE_END()
