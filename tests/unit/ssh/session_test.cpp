// Connections by libssh2 to a real sshd.
#include "ssh/session.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/deadline.hpp"
#include "base/file.hpp"
#include "ssh/socket.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using namespace syncmanager::test;
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

}  // namespace

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(more_sessions_are_worth_it_only_far_away) {
  using std::chrono::microseconds;
  BOOST_TEST(ssh::lanes_for(microseconds(300)) == 1U);
  BOOST_TEST(ssh::lanes_for(microseconds(7'999)) == 1U);
  BOOST_TEST(ssh::lanes_for(microseconds(8'000)) == 5U);
  BOOST_TEST(ssh::lanes_for(microseconds(200'000)) == 5U);
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
  check_failure(client, ErrorKind::timeout, {"server", "does not answer"});
  BOOST_TEST(seconds_since(start) > 0.25);
  BOOST_TEST(seconds_since(start) < 2.0);
}

BOOST_AUTO_TEST_CASE(comes_back_to_a_server_where_too_many_are_logging_in) {
  const TestServer server({{"ed25519"}, {"MaxStartups 2"}, {}});
  const Client client(server.ssh_config());
  std::vector<Fd> others;
  for (int i = 0; i < 2; ++i)
    others.push_back(connect_tcp("127.0.0.1", server.port(), Deadline::after(std::chrono::seconds(10)), "", nullptr));
  wait_until([&] { return server.connections() == 2; }, "the others are about to log in");
  std::jthread leaves([&] {
    wait_until([&] { return server.log().find("drop connection") != std::string::npos; }, "one is turned away");
    others.clear();
  });
  BOOST_TEST(client.run("printf hello") == "hello");
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
  // Whether our own clock or the kernel's gives the line up first is nobody's business here.
  BOOST_CHECK_EXCEPTION(static_cast<void>(connection->open("true")), Error, [](const Error& error) {
    return error.kind() == ErrorKind::timeout || error.kind() == ErrorKind::offline;
  });
}

BOOST_AUTO_TEST_SUITE_END()
