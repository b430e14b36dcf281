#include "ssh/ssh_command.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

#include "model/url.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using Words = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(ssh_command)

BOOST_AUTO_TEST_CASE(makes_the_argument_vector_of_ssh) {
  struct Row {
    std::string url;
    std::string ssh_config;
    std::string ssh_command;
    bool interactive;
    Words argv;
  };
  const std::vector<Row> table{
      {"ssh://h/p",
       "",
       "",
       false,
       {"ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-o", "ControlMaster=no", "--", "h"}},
      {"ssh://jane@h:2222/p",
       "/my config",
       "",
       true,
       {"ssh", "-T", "-o", "ConnectTimeout=30", "-o", "ControlMaster=no", "-F", "/my config", "-p", "2222", "-l",
        "jane", "--", "h"}},
      {"jane@h:p",
       "/config",
       "/usr/bin/ssh -i key",
       false,
       {"sh", "-c", "/usr/bin/ssh -i key \"$@\"", "/usr/bin/ssh -i key", "-T", "-o", "BatchMode=yes", "-o",
        "ConnectTimeout=30", "-o", "ControlMaster=no", "-l", "jane", "--", "h"}},
      {"ssh://jane@h:2222/p",
       "",
       "my-ssh --quick",
       false,
       {"sh", "-c", "my-ssh --quick \"$@\"", "my-ssh --quick", "-p", "2222", "jane@h"}},
  };
  for (const Row& row : table) {
    ConnectOptions options;
    options.ssh_config = row.ssh_config;
    options.ssh_command = row.ssh_command;
    options.timeout = std::chrono::milliseconds(29'001);
    options.interactive = row.interactive;
    BOOST_TEST(ssh_program(parse_url(row.url).url, options) == row.argv, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()
