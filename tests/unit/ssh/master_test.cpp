// The ssh masters: ours, from their start to their end, and the user's.
#include "ssh/master.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ssh/child_channel.hpp"
#include "ssh/control_place.hpp"
#include "ssh/mux.hpp"
#include "ssh/server.hpp"
#include "ssh/ssh_command.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"
#include "unit/ssh/ways.hpp"

using namespace syncmanager;
using namespace syncmanager::test;
using ssh::Channel;
using ssh::Connection;
namespace fs = std::filesystem;

namespace {

/// The folder of our sockets.
fs::path sockets_of(const Client& client) {
  return client.environment.runtime_folder / "syncmanager";
}

std::size_t count_of(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

void wait_until_no_master_is_left(const Client& client, std::chrono::seconds longest = std::chrono::seconds(10)) {
  const std::string folder = sockets_of(client);
  wait_until([&] { return processes_with(folder).empty() && count_of(folder) == 0; }, "no master is left", longest);
}

/// Several threads run commands at the same time, each over a connection of its own.
int run_side_by_side(ssh::Server& server, int threads, int commands) {
  std::atomic<int> good = 0;
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      try {
        const std::unique_ptr<Connection> connection = server.connect();
        for (int j = 0; j < commands; ++j) {
          if (read_all(*connection->open("echo here")) == "here\n") ++good;
        }
      } catch (const Error& error) {
        BOOST_TEST_MESSAGE(error.what());
      }
    });
  }
  workers.clear();
  return good;
}

/// A master of the user's that runs already.
class UsersMaster {
 public:
  explicit UsersMaster(const TestServer& server)
      : config_(server.write_ssh_config("with_master", {"ControlPath " + (server.client() / "control").string()})),
        socket_(server.client() / "control"),
        // ssh -M -N -F CONFIG server
        ssh_({"ssh", "-M", "-N", "-F", config_.string(), "server"}, server.client() / "master.log") {
    wait_until([this] { return fs::exists(socket_); }, "the user's master listens");
  }
  [[nodiscard]] const fs::path& config() const { return config_; }
  [[nodiscard]] const fs::path& socket() const { return socket_; }
  Program& ssh() { return ssh_; }

 private:
  fs::path config_;
  fs::path socket_;
  Program ssh_;
};

/// Listens where a master could, and says what it is told to whoever comes.
class FalseMaster {
 public:
  FalseMaster(const fs::path& path, std::string words)
      : listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), words_(std::move(words)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_REQUIRE(bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(listen(listener_.get(), 8) == 0);
    thread_ = std::jthread([this] {
      while (true) {
        Fd client(accept(listener_.get(), nullptr, nullptr));
        if (!client) return;
        if (write(client.get(), words_.data(), words_.size()) >= 0) clients_.push_back(std::move(client));
      }
    });
  }
  FalseMaster(const FalseMaster&) = delete;
  FalseMaster& operator=(const FalseMaster&) = delete;
  ~FalseMaster() { shutdown(listener_.get(), SHUT_RDWR); }

 private:
  Fd listener_;
  std::string words_;
  std::vector<Fd> clients_;
  std::jthread thread_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(master)

BOOST_AUTO_TEST_CASE(one_connection_serves_all_threads) {
  const TestServer server;
  for (const Way& way : {by_master(server), by_session_master(server)}) {
    const int before = server.connections();
    const std::unique_ptr<Client> client = way.client();
    BOOST_TEST(run_side_by_side(client->server(), 8, 10) == 80, way.name);
    BOOST_TEST(server.connections() == before + 1, way.name);
  }
}

BOOST_AUTO_TEST_CASE(shares_the_few_sessions_that_a_server_allows) {
  for (const std::string allowed : {"1", "2"}) {
    const TestServer server({{"ed25519"}, {"MaxSessions " + allowed}, {}});
    for (const Way& way : {by_master(server), by_session_master(server)}) {
      const int before = server.connections();
      const std::unique_ptr<Client> client = way.client();
      BOOST_TEST(run_side_by_side(client->server(), 6, 5) == 30, "MaxSessions " << allowed << " " << way.name);
      BOOST_TEST(server.connections() == before + 1, way.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(says_so_where_the_server_allows_no_session) {
  const TestServer server({{"ed25519"}, {"MaxSessions 0"}, {}});
  check_failure(*by_master(server).client(), ErrorKind::failed, {"cannot open a channel to server", "refused"});
  check_failure(*by_session_master(server).client(), ErrorKind::failed, {"cannot open a channel to server"});
}

BOOST_AUTO_TEST_CASE(ends_what_it_has_started) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_master(server).client();
  auto place = std::make_unique<ssh::ControlPlace>(client->environment);
  std::vector<std::string> argv = ssh::ssh_master_program(client->url, client->options, place->socket());
  // It would not end by itself.
  std::replace(argv.begin(), argv.end(), std::string("ControlPersist=5"), std::string("ControlPersist=600"));
  ssh::ChildSetup child;
  child.environment = client->environment.variables;
  {
    ssh::Master master({}, std::move(place), child, argv);
    BOOST_TEST(master.serves());
    BOOST_TEST(!master.is_borrowed());
    BOOST_TEST(processes_with(sockets_of(*client)).size() == 1U);
    master.give_up();
    BOOST_TEST(!master.serves());
  }
  wait_until_no_master_is_left(*client);
}

BOOST_AUTO_TEST_CASE(leaves_neither_process_nor_socket) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_master(server).client();
  {
    ssh::Server one(client->url, client->environment, client->options);
    ssh::Server other(client->url, client->environment, client->options);
    const std::unique_ptr<Connection> to_one = one.connect();
    BOOST_TEST(run_side_by_side(other, 2, 2) == 4);
    BOOST_TEST(count_of(sockets_of(*client)) == 2U);
    BOOST_TEST(processes_with(sockets_of(*client)).size() == 2U);
  }
  wait_until_no_master_is_left(*client);
}

BOOST_AUTO_TEST_CASE(a_run_does_not_end_the_master_of_another_one) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_master(server).client();
  const std::unique_ptr<Connection> kept = client->connect();
  BOOST_TEST(client->run("echo here") == "here\n");  // by a master of its own, which ends with it
  BOOST_TEST(read_all(*kept->open("echo still here")) == "still here\n");
}

BOOST_AUTO_TEST_CASE(a_connection_outlives_its_server) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_master(server).client();
  std::unique_ptr<Connection> connection = ssh::Server(client->url, client->environment, client->options).connect();
  BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
  connection.reset();
  wait_until_no_master_is_left(*client);
}

BOOST_AUTO_TEST_CASE(ends_by_itself_where_its_client_was_killed) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_master(server).client();
  const pid_t victim = fork();
  if (victim == 0) {
    const std::unique_ptr<Connection> connection = client->connect();
    const std::unique_ptr<Channel> channel = connection->open("while echo on; do sleep 0.1; done");
    std::vector<char> some(100);
    while (channel->read(some) > 0) continue;
    _exit(1);
  }
  wait_until(
      [&] { return content_of(server.client().parent_path() / "log").find("Starting session") != std::string::npos; },
      "a command runs");
  kill(victim, SIGKILL);
  BOOST_TEST(waitpid(victim, nullptr, 0) == victim);
  BOOST_TEST(!processes_with(sockets_of(*client)).empty());
  wait_until_no_master_is_left(*client, std::chrono::seconds(60));
}

BOOST_AUTO_TEST_CASE(starts_anew_where_it_was_ended) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_master(server).client();
  std::unique_ptr<Connection> connection = client->connect();
  std::unique_ptr<Channel> channel = connection->open("echo begun; exec cat");
  std::vector<char> some(100);
  BOOST_TEST(channel->read(some) == 6U);
  for (const pid_t pid : processes_with(sockets_of(*client))) kill(pid, SIGKILL);
  const auto is_offline = [](const Error& error) { return error.kind() == ErrorKind::offline; };
  BOOST_CHECK_EXCEPTION(static_cast<void>(channel->read(some)), Error, is_offline);
  BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*connection->open("true"))), Error, is_offline);
  channel.reset();  // a connection outlives its channels
  connection = client->connect();
  BOOST_TEST(read_all(*connection->open("echo back")) == "back\n");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(is_started_by_the_ssh_command_of_git) {
  const TestServer server;
  Client client(server.client() / "none");
  client.options.ssh_command = "ssh -F '" + server.ssh_config().string() + "' -o Compression=no";
  BOOST_TEST(run_side_by_side(client.server(), 4, 3) == 12);
  BOOST_TEST(server.connections() == 1);
  BOOST_TEST(client.server().ssh_for_programs().starts_with(client.options.ssh_command + " -o ControlMaster=no -S "));
}

BOOST_AUTO_TEST_CASE(is_none_where_the_ssh_command_of_git_forbids_it) {
  const TestServer server;
  for (const std::string option : {"ControlMaster=no", "ControlPersist=no"}) {
    Client client(server.client() / "none");
    client.options.ssh_command = "ssh -F '" + server.ssh_config().string() + "' -o " + option;
    BOOST_TEST(client.run("echo here") == "here\n", option);
    BOOST_TEST(client.notes.find("one ssh for each command") != std::string::npos, option);
    BOOST_TEST(!fs::exists(sockets_of(client)), option);
  }
}

BOOST_AUTO_TEST_CASE(tells_what_a_proxy_says) {
  const TestServer gate;
  const TestServer server;
  const std::string proxy = "ProxyCommand ssh -o BatchMode=yes -F " +
                            gate.write_ssh_config("closed", {"User nobody-at-all"}).string() + " -W %h:%p server";
  check_failure(Client(server.write_ssh_config("proxied", {proxy})), ErrorKind::auth, {"Permission denied"});
}

BOOST_AUTO_TEST_CASE(sends_the_variables_that_the_ssh_settings_name) {
  const TestServer server({{"ed25519"}, {"AcceptEnv SENT_*"}, {}});
  Client client(server.write_ssh_config("sending", {"AddressFamily inet", "SendEnv SENT_*"}));
  client.environment.variables.insert(client.environment.variables.end(), {"SENT_ONE=first", "OTHER=second"});
  BOOST_TEST(client.run("echo $SENT_ONE $OTHER") == "first\n");
}

BOOST_AUTO_TEST_CASE(the_users_own_is_used_first_and_left_as_it_was) {
  const TestServer server;
  UsersMaster master(server);
  {
    Client client(master.config());
    BOOST_TEST(run_side_by_side(client.server(), 4, 5) == 20);
    BOOST_TEST(client.notes.find("the master that runs at " + master.socket().string()) != std::string::npos);
    BOOST_TEST(client.server().ssh_for_programs().find(" -S " + master.socket().string()) != std::string::npos);
  }
  BOOST_TEST(server.connections() == 1);
  BOOST_TEST(master.ssh().running());
  run_program({"ssh", "-F", master.config(), "-O", "check", "server"});
}

BOOST_AUTO_TEST_CASE(another_way_is_found_where_the_users_own_ends) {
  const TestServer server;
  UsersMaster master(server);
  Client client(master.config());
  std::unique_ptr<Connection> connection = client.connect();
  BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
  kill(master.ssh().pid(), SIGKILL);
  master.ssh().wait();
  BOOST_CHECK_THROW(static_cast<void>(read_all(*connection->open("true"))), Error);
  connection = client.connect();
  BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
  BOOST_TEST(server.connections() == 2);
  BOOST_TEST(client.notes.find("by libssh2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_way_is_found_where_the_users_own_can_not_be_spoken_to) {
  const TestServer server;
  const fs::path socket = server.client() / "control";
  const Client client(server.write_ssh_config("false", {"ControlPath " + socket.string()}));
  for (const std::string& words : {std::string(), std::string("SSH-2.0-nonsense"), ssh::mux_hello() + "half a mess",
                                   std::string("\0\0\0\x08\0\0\0\x01\0\0\0\x05", 12)}) {
    const FalseMaster master(socket, words);
    BOOST_TEST(client.run("echo here") == "here\n");
    BOOST_TEST(client.notes.find("not through the ssh master at " + socket.string()) != std::string::npos);
    client.notes.clear();
    fs::remove(socket);
  }
  std::ofstream(socket) << "no socket";
  BOOST_TEST(client.run("echo here") == "here\n");
}

BOOST_AUTO_TEST_CASE(an_ssh_for_each_command_does_not_wait_for_the_users_own_that_hangs) {
  const TestServer server;
  const fs::path socket = server.client() / "control";
  const FalseMaster master(socket, {});
  Client client(server.client() / "none");
  const fs::path config = server.write_ssh_config("false", {"ControlPath " + socket.string()});
  client.options.ssh_command = "ssh -F '" + config.string() + "' -o ControlPersist=no";
  const std::unique_ptr<Connection> connection = client.connect();
  BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
  BOOST_TEST(client.notes.find("one ssh for each command") != std::string::npos);
  BOOST_TEST(client.server().ssh_for_programs().ends_with(" -S none"));
}

BOOST_AUTO_TEST_CASE(one_of_another_user_is_not_spoken_to, *boost::unit_test::precondition([](auto) {
                       return boost::test_tools::assertion_result(geteuid() == 0);
                     })) {
  const TestServer server;
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::all);
  const fs::path socket = folder.path() / "control";
  constexpr uid_t nobody = 65534;
  BOOST_REQUIRE(seteuid(nobody) == 0);
  const FalseMaster master(socket, "");
  BOOST_REQUIRE(seteuid(0) == 0);
  const Client client(server.write_ssh_config("foreign", {"ControlPath " + socket.string()}));
  BOOST_TEST(client.run("echo here") == "here\n");
  BOOST_TEST(client.notes.find("it is another user's") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
