#include "base/environment.hpp"

#include <array>
#include <string>
#include <string_view>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(reads_what_the_process_was_started_with) {
  const std::array<const char*, 14> variables = {"HOME=/home/j",
                                                 "XDG_CONFIG_HOME=/conf",
                                                 "XDG_STATE_HOME=/state",
                                                 "XDG_RUNTIME_DIR=/run",
                                                 "TMPDIR=/scratch",
                                                 "SYNC_ENV=home,work",
                                                 "SYNC_COMPUTER=tower",
                                                 "SYNC_SSH_CONFIG=/ssh",
                                                 "SSH_AUTH_SOCK=/sock",
                                                 "GIT_SSH_COMMAND=ssh -v",
                                                 "NO_COLOR=1",
                                                 "HOMES=no",
                                                 "EMPTY=",
                                                 nullptr};
  const Environment environment = Environment::of_process(variables.data());
  BOOST_TEST(environment.home == "/home/j");
  BOOST_TEST(environment.config_home == "/conf");
  BOOST_TEST(environment.state_home == "/state");
  BOOST_TEST(environment.state_folder() == "/state/syncmanager");
  BOOST_TEST(environment.runtime_folder == "/run");
  BOOST_TEST(environment.temporary_folder == "/scratch");
  BOOST_TEST(environment.sync_env == "home,work");
  BOOST_TEST(environment.computer == "tower");
  BOOST_TEST(environment.ssh_config == "/ssh");
  BOOST_TEST(environment.ssh_auth_sock == "/sock");
  BOOST_TEST(environment.git_ssh_command == "ssh -v");
  BOOST_TEST(environment.no_color);
  BOOST_TEST(environment.variables.size() == 13U);
  BOOST_TEST(environment.variables.back() == "EMPTY=");
}

BOOST_AUTO_TEST_CASE(falls_back_to_the_usual_folders) {
  const std::array<const char*, 3> variables = {"HOME=/home/j", "NO_COLOR=", nullptr};
  const Environment environment = Environment::of_process(variables.data());
  BOOST_TEST(environment.config_home == "/home/j/.config");
  BOOST_TEST(environment.state_home == "/home/j/.local/state");
  BOOST_TEST(environment.runtime_folder == "/run/user/" + std::to_string(geteuid()));
  BOOST_TEST(environment.temporary_folder == "/tmp");
  BOOST_TEST(environment.computer.empty());
  BOOST_TEST(!environment.no_color);
  std::array<char, 256> host{};
  BOOST_REQUIRE(gethostname(host.data(), host.size() - 1) == 0);
  BOOST_TEST(environment.host_name == host.data());
}

BOOST_AUTO_TEST_CASE(ignores_folders_that_are_not_absolute) {
  const std::array<const char*, 5> variables = {"HOME=/home/j", "XDG_CONFIG_HOME=conf",
                                                "XDG_STATE_HOME=", "TMPDIR=here", nullptr};
  const Environment environment = Environment::of_process(variables.data());
  BOOST_TEST(environment.config_home == "/home/j/.config");
  BOOST_TEST(environment.state_home == "/home/j/.local/state");
  BOOST_TEST(environment.temporary_folder == "/tmp");
}

BOOST_AUTO_TEST_CASE(takes_the_home_folder_from_the_password_database_where_the_variable_is_missing) {
  const std::array<const char*, 2> variables = {"HOME=relative", nullptr};
  BOOST_TEST(Environment::of_process(variables.data()).home.is_absolute());
}

BOOST_AUTO_TEST_CASE(expands_the_home_folder_at_the_start_only) {
  Environment environment;
  environment.home = "/home/j";
  struct Row {
    std::string_view path;
    std::string_view expanded;
  };
  const Row rows[] = {
      {"~", "/home/j"},
      {"~/notes", "/home/j/notes"},
      {"$HOME", "/home/j"},
      {"$HOME/notes", "/home/j/notes"},
      {"${HOME}", "/home/j"},
      {"${HOME}/notes", "/home/j/notes"},
      {"~other/notes", "~other/notes"},
      {"$HOMES/notes", "$HOMES/notes"},
      {"$USER/notes", "$USER/notes"},
      {"/a/~/$HOME", "/a/~/$HOME"},
      {"", ""},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.path) {
      BOOST_TEST(expand_home(std::string(row.path), environment) == row.expanded);
    }
  }
}

BOOST_AUTO_TEST_CASE(children_do_not_inherit_what_ties_git_to_a_repository) {
  const std::array<const char*, 7> variables = {"HOME=/home/jane",
                                                "GIT_DIR=/other/.git",
                                                "GIT_INDEX_FILE=index",
                                                "GIT_CONFIG_KEY_0=a.b",
                                                "GIT_SSH_COMMAND=ssh",
                                                "PATH=/bin",
                                                nullptr};
  const std::vector<std::string> expected = {"HOME=/home/jane", "GIT_SSH_COMMAND=ssh", "PATH=/bin"};
  BOOST_TEST(Environment::of_process(variables.data()).variables == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(children_get_the_agent_that_is_set) {
  const std::array<const char*, 4> variables = {"HOME=/home/jane", "SSH_AUTH_SOCK=/gone", "PATH=/bin", nullptr};
  Environment environment = Environment::of_process(variables.data());
  environment.set_agent("/found");
  BOOST_TEST(environment.ssh_auth_sock == "/found");
  const std::vector<std::string> with = {"HOME=/home/jane", "PATH=/bin", "SSH_AUTH_SOCK=/found"};
  BOOST_TEST(environment.variables == with, boost::test_tools::per_element());
  environment.set_agent("");
  BOOST_TEST(environment.ssh_auth_sock.empty());
  const std::vector<std::string> without = {"HOME=/home/jane", "PATH=/bin"};
  BOOST_TEST(environment.variables == without, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
