#include "ssh/ssh_command.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "model/url.hpp"
#include "ssh/settings.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using Words = std::vector<std::string>;

namespace {

/// What every ssh of ours begins with, and then these words.
Words quiet(Words words) {
  Words all{"-T", "-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "ClearAllForwardings=yes"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

Words with(Words begin, const Words& more) {
  begin.insert(begin.end(), more.begin(), more.end());
  return begin;
}

}  // namespace

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
      {"ssh://h/p", "", "", false,
       with({"ssh"}, quiet({"-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=10", "-o",
                            "ServerAliveCountMax=2", "-o", "ControlMaster=no", "--", "h"}))},
      {"ssh://jane@h:2222/p", "/my config", "", true,
       with({"ssh"}, quiet({"-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=2",
                            "-o", "ControlMaster=no", "-F", "/my config", "-p", "2222", "-l", "jane", "--", "h"}))},
      {"jane@h:p", "/config", "/usr/bin/ssh -i key", false,
       with({"sh", "-c", "/usr/bin/ssh -i key \"$@\"", "/usr/bin/ssh -i key"},
            quiet({"-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=10", "-o",
                   "ServerAliveCountMax=2", "-o", "ControlMaster=no", "-l", "jane", "--", "h"}))},
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
    BOOST_TEST(ssh_program(parse_url(row.url).url, options, "") == row.argv, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(sees_whether_a_command_starts_openssh) {
  const std::vector<std::pair<std::string, bool>> table{
      {"", true},
      {"ssh", true},
      {"ssh -i key", true},
      {" /usr/bin/ssh\t-v", true},
      {"my-ssh", false},
      {"sshpass ssh", false},
      {"'/opt/my tools/ssh' -v", true},
      {"\"/opt/my tools/ssh\"", true},
      {"plink", false},
      {"X=1 ssh", false},
      {"'ssh", true},
      {"ssh/wrapper", false},
  };
  for (const auto& [command, expected] : table) {
    ConnectOptions options;
    options.ssh_command = command;
    BOOST_TEST(is_openssh(options) == expected, command);
  }
}

BOOST_AUTO_TEST_CASE(makes_the_argument_vector_of_a_master) {
  ConnectOptions options;
  options.ssh_config = "/config";
  const Url url = parse_url("ssh://jane@h:2222/p").url;
  const Words mastership{"-N", "-S", "/run/x", "-o", "ControlMaster=yes", "-o", "ControlPersist=5"};
  const Words patience{"-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=2"};
  const Words to_jane{"-p", "2222", "-l", "jane", "--", "h"};
  Words expected = with({"ssh"}, quiet({"-o", "BatchMode=yes"}));
  expected = with(with(with(with(expected, patience), mastership), {"-F", "/config"}), to_jane);
  BOOST_TEST(ssh_master_program(url, options, "/run/x") == expected, boost::test_tools::per_element());

  options.ssh_command = "ssh -i key";
  options.interactive = true;
  expected = with({"sh", "-c", "ssh -i key \"$@\"", "ssh -i key"}, quiet(patience));
  expected = with(with(expected, mastership), to_jane);
  BOOST_TEST(ssh_master_program(url, options, "/run/x") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(knows_which_settings_let_a_command_be_a_master) {
  const std::vector<std::pair<std::string, bool>> table{
      {"controlmaster true\ncontrolpersist 5\n", true},    {"controlmaster yes\ncontrolpersist 5\n", true},
      {"controlmaster auto\ncontrolpersist 5\n", true},    {"controlmaster false\ncontrolpersist 5\n", false},
      {"controlmaster ask\ncontrolpersist 5\n", false},    {"controlmaster true\ncontrolpersist no\n", false},
      {"controlmaster true\ncontrolpersist yes\n", false}, {"", false},
  };
  for (const auto& [lines, expected] : table) {
    BOOST_TEST(becomes_master(parse_settings("hostname h\n" + lines)) == expected, lines);
  }
}

BOOST_AUTO_TEST_CASE(writes_a_command_line_for_git) {
  struct Row {
    std::string ssh_config;
    std::string ssh_command;
    std::string socket;
    std::string line;
  };
  const std::string plain =
      "ssh -T -o ForwardAgent=no -o ForwardX11=no -o ClearAllForwardings=yes -o BatchMode=yes -o ConnectTimeout=30 -o "
      "ServerAliveInterval=10 -o ServerAliveCountMax=2 -o ControlMaster=no";
  const std::vector<Row> table{
      {"", "", "", plain},
      {"/my config", "", "", plain + " -F '/my config'"},
      {"/config", "", "/run/x", plain + " -S /run/x -F /config"},
      {"", "", "none", plain + " -S none"},
      {"/config", "X=1 ssh -i 'my key'", "", "X=1 ssh -i 'my key'"},
      {"/config", "ssh -i 'my key'", "/run/x", "ssh -i 'my key' -o ControlMaster=no -S /run/x"},
  };
  for (const Row& row : table) {
    ConnectOptions options;
    options.ssh_config = row.ssh_config;
    options.ssh_command = row.ssh_command;
    BOOST_TEST(ssh_command_for_programs(options, row.socket) == row.line);
  }
}

BOOST_AUTO_TEST_SUITE_END()
