#include "ssh/find_agent.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/scripted_agent.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using namespace syncmanager::test;
namespace fs = std::filesystem;

namespace {

/// A user's folders, without any agent.
struct Home {
  TemporaryFolder folder;
  Environment environment;
  Interrupt interrupt;
  std::string notes;

  Home() {
    environment.home = folder.path() / "home";
    environment.runtime_folder = folder.path() / "run";
    environment.temporary_folder = folder.path() / "tmp";
    environment.variables = {"PATH=/bin"};
  }

  /// The path below one of them, whose folders are made.
  static fs::path place(const fs::path& top, const std::string& name) {
    fs::path path = top / name;
    fs::create_directories(path.parent_path());
    for (fs::path each = path.parent_path(); each.string().size() >= top.string().size(); each = each.parent_path()) {
      fs::permissions(each, fs::perms::owner_all);
    }
    return path;
  }

  /// The socket of the agent that a run would use, and that its children get.
  std::string found(std::chrono::milliseconds longest = std::chrono::seconds(20)) {
    notes.clear();
    const Environment with =
        with_live_agent(environment, longest, &interrupt, [this](const std::string& line) { notes += line + '\n'; });
    BOOST_TEST(with.variable("SSH_AUTH_SOCK").value_or("") == with.ssh_auth_sock);
    return with.ssh_auth_sock;
  }
};

fs::path make_key(const Home& home) {
  fs::path key = home.folder.path() / "key";
  run_program({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key});
  return key;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Settings with_agent(const std::string& agent) {
  return parse_settings("hostname h\nuser jane\nidentityagent " + agent + '\n');
}

}  // namespace

BOOST_AUTO_TEST_SUITE(find_agent)

BOOST_AUTO_TEST_CASE(honours_identity_agent) {
  Environment environment;
  environment.home = "/home/j";
  environment.variables = {"SSH_AUTH_SOCK=/env", "OTHER=/other", "XDG_RUNTIME_DIR=/run/user/7"};
  environment.ssh_auth_sock = "/env";
  const std::vector<std::pair<std::string, std::optional<std::string>>> table{
      {"/path/agent", "/path/agent"},
      {"~/agent", "/home/j/agent"},
      {"%d/agent.%h", "/home/j/agent.h"},
      {"${XDG_RUNTIME_DIR}/agent", "/run/user/7/agent"},
      {"${UNSET}/agent", std::nullopt},
      {"/agent.%C", std::nullopt},
      {"none", ""},
      {"SSH_AUTH_SOCK", "/env"},
      {"$OTHER", "/other"},
      {"$SSH_AUTH_SOCK", "/env"},
      {"$UNSET", ""},
  };
  for (const auto& [agent, socket] : table) {
    BOOST_CHECK_MESSAGE(agent_socket(with_agent(agent), environment) == socket, agent);
  }
  BOOST_CHECK(agent_socket(parse_settings("hostname h\n"), environment) == "/env");
}

BOOST_AUTO_TEST_CASE(takes_the_agent_of_the_environment_where_it_answers) {
  Home home;
  const TestAgent named;  // without a key
  const TestAgent usual(Home::place(home.environment.runtime_folder, "openssh_agent"));
  usual.add(make_key(home));
  home.environment.set_agent(named.socket());
  BOOST_TEST(home.found() == named.socket());
  BOOST_TEST(home.notes.empty());
}

BOOST_AUTO_TEST_CASE(finds_an_agent_in_each_of_the_usual_places) {
  struct Row {
    fs::path Environment::*top;
    std::string name;
  };
  const Row table[] = {
      {&Environment::runtime_folder, "openssh_agent"},
      {&Environment::runtime_folder, "ssh-agent.socket"},
      {&Environment::runtime_folder, "gcr/ssh"},
      {&Environment::runtime_folder, "keyring/ssh"},
      {&Environment::runtime_folder, "gnupg/S.gpg-agent.ssh"},
      {&Environment::runtime_folder, "gnupg/d.abc/S.gpg-agent.ssh"},
      {&Environment::home, ".gnupg/S.gpg-agent.ssh"},
      {&Environment::home, ".ssh/agent/s.abc.agent.def"},
      {&Environment::temporary_folder, "ssh-abc/agent.7"},
  };
  for (const Row& row : table) {
    BOOST_TEST_CONTEXT(row.name) {
      Home home;
      const TestAgent agent(Home::place(home.environment.*row.top, row.name));
      BOOST_TEST(home.found() == agent.socket());
      BOOST_TEST(contains(home.notes, "SSH_AUTH_SOCK is not set; using your agent at " + agent.socket().string()));
      home.environment.set_agent(home.folder.path() / "gone");
      BOOST_TEST(home.found() == agent.socket());
      BOOST_TEST(contains(home.notes, "No such file or directory; using your agent at " + agent.socket().string()));
    }
  }
}

BOOST_AUTO_TEST_CASE(prefers_an_agent_with_keys) {
  Home home;
  const TestAgent without(Home::place(home.environment.runtime_folder, "openssh_agent"));
  const TestAgent with(Home::place(home.environment.temporary_folder, "ssh-abc/agent.7"));
  BOOST_TEST(home.found() == without.socket());
  with.add(make_key(home));
  BOOST_TEST(home.found() == with.socket());
}

BOOST_AUTO_TEST_CASE(takes_the_newest_of_several) {
  const Home home;
  const auto listen = [&](const std::string& name, time_t at) {
    const fs::path path = Home::place(home.environment.temporary_folder, name);
    ScriptedAgent agent(path, {}, ScriptedAgent::Then::ends);
    const timespec times[] = {{at, 0}, {at, 0}};
    BOOST_REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    return path;
  };
  const fs::path middle = listen("ssh-a/agent.1", 2000);
  const fs::path newest = listen("ssh-b/agent.2", 3000);
  const fs::path oldest = listen("ssh-c/agent.3", 1000);
  const std::vector<fs::path> expected{newest, middle, oldest};
  BOOST_CHECK(own_sockets({home.environment.temporary_folder, "ssh-*/agent.*"}) == expected);
}

BOOST_AUTO_TEST_CASE(passes_over_agents_that_are_dead_or_hang) {
  Home home;
  const fs::path& runtime = home.environment.runtime_folder;
  const ScriptedAgent hanging(Home::place(runtime, "openssh_agent"), {}, ScriptedAgent::Then::hangs);
  { const ScriptedAgent dead(Home::place(runtime, "ssh-agent.socket"), {}, ScriptedAgent::Then::ends); }
  const ScriptedAgent rubbish(Home::place(runtime, "gcr/ssh"), {"rubbish"}, ScriptedAgent::Then::hangs);
  const TestAgent good(Home::place(home.environment.home, ".gnupg/S.gpg-agent.ssh"));
  home.environment.set_agent(hanging.path());
  BOOST_TEST(home.found(std::chrono::seconds(4)) == good.socket());
  BOOST_TEST(contains(home.notes, "it does not answer; using your agent at"));
}

BOOST_AUTO_TEST_CASE(children_get_no_agent_that_hangs) {
  Home home;
  const ScriptedAgent hanging(home.folder.path() / "agent", {}, ScriptedAgent::Then::hangs);
  home.environment.set_agent(hanging.path());
  BOOST_TEST(home.found(std::chrono::seconds(1)) == "");
  BOOST_TEST(contains(home.notes, "it does not answer; no other agent of yours was found"));
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_search) {
  Home home;
  const ScriptedAgent hanging(home.folder.path() / "agent", {}, ScriptedAgent::Then::hangs);
  home.environment.set_agent(hanging.path());
  home.interrupt.request();
  BOOST_TEST(home.found(std::chrono::hours(1)) == "");
}

BOOST_AUTO_TEST_CASE(passes_over_what_is_not_the_users_own) {
  const Home home;
  const AgentPlace place{home.environment.temporary_folder, "ssh-*/agent.*"};
  const fs::path path = Home::place(home.environment.temporary_folder, "ssh-abc/agent.7");
  const ScriptedAgent agent(path, {}, ScriptedAgent::Then::ends);
  const auto usable = [&] { return own_sockets(place) == std::vector<fs::path>{path}; };
  BOOST_TEST(usable());

  const fs::path folder = path.parent_path();
  for (const unsigned mode : {0777U, 0720U, 01777U}) {
    fs::permissions(folder, fs::perms(mode));
    BOOST_TEST(!usable());
  }
  fs::permissions(folder, fs::perms::owner_all);

  // Whoever can write above the folder can replace it, unless the sticky bit is set there.
  fs::permissions(folder.parent_path(), fs::perms(0777));
  BOOST_TEST(!usable());
  fs::permissions(folder.parent_path(), fs::perms(01777));
  BOOST_TEST(usable());

  if (geteuid() != 0) return;  // only root can give files away
  constexpr uid_t nobody = 65534;
  const auto give = [](const fs::path& what, uid_t user) { BOOST_REQUIRE(lchown(what.c_str(), user, user) == 0); };
  for (const fs::path& each : {path, folder, folder.parent_path()}) {
    give(each, nobody);
    BOOST_TEST(!usable());
    give(each, 0);
    BOOST_TEST(usable());
  }
}

BOOST_AUTO_TEST_CASE(follows_no_links) {
  const Home home;
  const fs::path& top = home.environment.temporary_folder;
  const ScriptedAgent agent(Home::place(top, "elsewhere/agent.7"), {}, ScriptedAgent::Then::ends);
  fs::create_directory_symlink(top / "elsewhere", top / "ssh-link");
  fs::create_symlink(agent.path(), Home::place(top, "ssh-folder/agent.8"));
  BOOST_TEST(own_sockets({top, "ssh-*/agent.*"}).empty());
  BOOST_TEST(own_sockets({top, "else*/agent.*"}).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
