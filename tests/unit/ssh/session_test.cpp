// Connections and channels to a real sshd.
#include "ssh/session.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/file.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"

using namespace syncmanager;
using namespace syncmanager::test;
using ssh::Channel;
using ssh::Connection;
using std::chrono::milliseconds;

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Listens, but never says a word: the kernel takes the connection.
class SilentServer {
 public:
  SilentServer() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(free_port()) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(listen(fd_.get(), 8) == 0);
  }
  [[nodiscard]] int port() const { return port_; }

 private:
  Fd fd_;
  int port_;
};

/// This process's socket whose other end is the port on loopback. Borrowed.
int socket_to(int port) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename());
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const bool connected = getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
    if (connected && peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) return fd;
  }
  throw std::runtime_error("no connection to the port");
}

/// Sends until nothing more goes in.
void fill(int socket) {
  const std::string bytes(65'536, 'x');
  for (std::size_t size = bytes.size(); size > 0;) {
    if (send(socket, bytes.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) size /= 2;
  }
}

void freeze(pid_t process) {
  kill(process, SIGSTOP);
  wait_until([&] { return content_of("/proc/" + std::to_string(process) + "/stat").find(") T ") != std::string::npos; },
             "the server stands still");
}

/// The same server through libssh2 and through the system's ssh: what is true of channels is true of both.
std::vector<std::filesystem::path> both_ways(const TestServer& server) {
  return {server.ssh_config(), server.write_ssh_config("through_ssh", {"AddressFamily inet"})};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(runs_many_commands_on_one_connection) {
  const TestServer server;
  const Client client(server.ssh_config());
  const std::unique_ptr<Connection> connection = client.connect();
  for (int i = 0; i < 200; ++i) {
    const std::unique_ptr<Channel> channel = connection->open("echo " + std::to_string(i));
    BOOST_TEST_REQUIRE(read_all(*channel) == std::to_string(i) + '\n');
  }
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(leaves_channels_in_the_middle_and_goes_on) {
  const TestServer server;
  const Client client(server.ssh_config());
  const std::unique_ptr<Connection> connection = client.connect();
  std::vector<char> some(1000);
  for (int i = 0; i < 20; ++i) BOOST_TEST(connection->open("yes | head -c 10000000")->read(some) > 0U);
  BOOST_TEST(read_all(*connection->open("echo still here")) == "still here\n");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(has_several_channels_open_at_once) {
  const TestServer server;
  const Client client(server.ssh_config());
  const std::unique_ptr<Connection> connection = client.connect();
  std::vector<std::unique_ptr<Channel>> channels;
  for (int i = 0; i < 8; ++i) channels.push_back(connection->open("cat"));
  for (const std::unique_ptr<Channel>& channel : channels) {
    channel->write("text");
    channel->finish_input();
  }
  for (const std::unique_ptr<Channel>& channel : channels) BOOST_TEST(read_all(*channel) == "text");
}

BOOST_AUTO_TEST_CASE(starts_commands_before_it_looks_at_the_first) {
  const TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    const std::unique_ptr<Connection> connection = client.connect();
    for (int round = 0; round < 10; ++round) {
      std::vector<std::unique_ptr<Channel>> channels;
      for (int i = 0; i < 4; ++i) channels.push_back(connection->open("echo " + std::to_string(i)));
      channels[2].reset();  // left before anybody asked for it
      for (const int i : {3, 0, 1}) BOOST_TEST(read_all(*channels[i]) == std::to_string(i) + '\n');
      BOOST_TEST(channels[3]->wait() == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(leaves_commands_that_it_never_looked_at) {
  const TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    const std::unique_ptr<Connection> connection = client.connect();
    for (int i = 0; i < 30; ++i) static_cast<void>(connection->open("echo unheard"));
    BOOST_TEST(read_all(*connection->open("echo heard")) == "heard\n");
  }
}

BOOST_AUTO_TEST_CASE(more_sessions_are_worth_it_only_far_away) {
  using std::chrono::microseconds;
  BOOST_TEST(ssh::lanes_for(microseconds(300)) == 1U);
  BOOST_TEST(ssh::lanes_for(microseconds(7'999)) == 1U);
  BOOST_TEST(ssh::lanes_for(microseconds(8'000)) == 4U);
  BOOST_TEST(ssh::lanes_for(microseconds(200'000)) == 4U);
}

BOOST_AUTO_TEST_CASE(waits_for_a_slot_where_the_server_allows_one_channel_at_a_time) {
  const TestServer server({{"ed25519"}, {"MaxSessions 1"}, {}});
  const Client client(server.ssh_config());
  const std::unique_ptr<Connection> connection = client.connect();
  for (int i = 0; i < 20; ++i) BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
}

BOOST_AUTO_TEST_CASE(carries_twenty_megabytes_both_ways_at_once) {
  const TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    const std::unique_ptr<Connection> connection = client.connect();
    const std::unique_ptr<Channel> channel = connection->open("cat");
    std::string data;
    for (int i = 0; data.size() < 20'000'000; ++i) data.append(1000, static_cast<char>(i * 7));
    channel->write(data);  // nobody reads what comes back until all is written
    channel->finish_input();
    BOOST_TEST((read_all(*channel) == data));
    BOOST_TEST(channel->wait() == 0);
  }
}

BOOST_AUTO_TEST_CASE(tells_standard_error_and_exit_status) {
  const TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    const std::unique_ptr<Connection> connection = client.connect();
    const std::unique_ptr<Channel> channel = connection->open("echo out; echo trouble >&2; exit 7");
    BOOST_TEST(read_all(*channel) == "out\n");
    BOOST_TEST(channel->wait() == 7);
    BOOST_TEST(channel->errors().find("trouble\n") != std::string::npos);
    const std::unique_ptr<Channel> good = connection->open("true");
    BOOST_TEST(good->wait() == 0);
  }
}

BOOST_AUTO_TEST_CASE(tells_a_signal_that_ended_the_command) {
  const TestServer server;
  const Client client(server.ssh_config());
  const std::unique_ptr<Connection> connection = client.connect();
  const std::unique_ptr<Channel> channel = connection->open("kill -TERM $$");
  BOOST_TEST(channel->wait() == 128 + 15);
}

BOOST_AUTO_TEST_CASE(keeps_the_first_part_of_endless_errors_and_never_stalls) {
  const TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    const std::unique_ptr<Connection> connection = client.connect();
    const std::unique_ptr<Channel> channel = connection->open("yes trouble | head -c 20000000 >&2; echo done");
    BOOST_TEST(read_all(*channel) == "done\n");
    BOOST_TEST(channel->errors().size() == 65536U);
  }
}

BOOST_AUTO_TEST_CASE(passes_a_path_of_300_characters) {
  const TestServer server;
  const std::string name = std::string(150, 'a') + '/' + std::string(149, 'b');
  std::filesystem::create_directories(server.home() / name);
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    BOOST_TEST(client.run("cd '" + name + "' && pwd") == (server.home() / name).string() + '\n');
  }
}

BOOST_AUTO_TEST_CASE(a_dead_port_is_offline_at_once) {
  const TestServer server;
  const auto start = std::chrono::steady_clock::now();
  const Client client(server.write_ssh_config("dead", {"Port " + std::to_string(free_port())}));
  check_failure(client, ErrorKind::offline, {"server", "refused"});
  BOOST_TEST(seconds_since(start) < 2.0);
}

BOOST_AUTO_TEST_CASE(a_host_without_address_is_offline) {
  const TestServer server;
  const Client client(server.write_ssh_config("nowhere", {"HostName nowhere.invalid"}));
  check_failure(client, ErrorKind::offline, {"server", "nowhere.invalid"});
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_offline_after_the_deadline) {
  const TestServer server;
  const SilentServer silent;
  Client client(server.write_ssh_config("silent", {"Port " + std::to_string(silent.port())}));
  client.options.timeout = milliseconds(300);
  const auto start = std::chrono::steady_clock::now();
  check_failure(client, ErrorKind::offline, {"server", "does not answer"});
  BOOST_TEST(seconds_since(start) > 0.25);
  BOOST_TEST(seconds_since(start) < 2.0);
}

BOOST_AUTO_TEST_CASE(a_command_that_says_nothing_is_given_up_after_the_deadline) {
  const TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    Client client(config);
    client.options.timeout = milliseconds(1000);
    const std::unique_ptr<Connection> connection = client.connect();
    const std::unique_ptr<Channel> channel = connection->open("sleep 60");
    const auto start = std::chrono::steady_clock::now();
    BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*channel)), Error,
                          [](const Error& error) { return error.kind() == ErrorKind::offline; });
    BOOST_TEST(seconds_since(start) < 3.0);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_dies_in_the_middle_is_offline) {
  TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    const std::unique_ptr<Connection> connection = client.connect();
    const std::unique_ptr<Channel> channel = connection->open("echo begun; exec cat");
    std::vector<char> some(100);
    BOOST_TEST(channel->read(some) == 6U);
    server.stop();
    const auto offline = [](const Error& error) { return error.kind() == ErrorKind::offline; };
    BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*channel)), Error, offline);
    BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*connection->open("true"))), Error, offline);
    server.start();
  }
}

BOOST_AUTO_TEST_CASE(frees_a_channel_once_where_the_next_one_cannot_be_closed) {
  const TestServer server;
  Client client(server.ssh_config());
  client.options.timeout = std::chrono::seconds(4);
  const std::unique_ptr<Connection> connection = client.connect();
  const std::unique_ptr<Channel> question = connection->open("echo $PPID");
  const pid_t sshd = std::stoi(read_all(*question));
  BOOST_TEST(question->wait() == 0);
  std::unique_ptr<Channel> first = connection->open("cat");
  std::unique_ptr<Channel> second = connection->open("cat");
  const int socket = socket_to(server.port());
  freeze(sshd);
  first.reset();
  kill(sshd, SIGCONT);
  pollfd answered{socket, POLLIN, 0};
  BOOST_TEST_REQUIRE(poll(&answered, 1, 20'000) == 1);
  freeze(sshd);
  fill(socket);
  second.reset();  // the first one's end is taken here, the second's cannot be sent
  BOOST_CHECK_EXCEPTION(static_cast<void>(connection->open("true")), Error,
                        [](const Error& error) { return error.kind() == ErrorKind::offline; });
}

BOOST_AUTO_TEST_CASE(says_what_ended_a_command_that_did_not_read_its_input) {
  const TestServer server;
  for (const std::filesystem::path& config : both_ways(server)) {
    const Client client(config);
    const std::unique_ptr<Connection> connection = client.connect();
    const std::unique_ptr<Channel> channel = connection->open("exec <&-; echo full disk >&2; exit 1");
    const std::string data(50'000'000, 'x');
    BOOST_CHECK_EXCEPTION(channel->write(data), Error, [](const Error& error) {
      BOOST_TEST_MESSAGE(error.what());
      return std::string(error.what()).find("full disk") != std::string::npos;
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
