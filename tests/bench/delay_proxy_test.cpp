#include "support/delay_proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

#include "support/loopback.hpp"

namespace syncmanager::test {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A server for one connection: sends back what it gets, until the client has finished.
class Echo {
 public:
  Echo() : listener_(listen_on_loopback(port_)), thread_([this] { serve(); }) {}
  ~Echo() {
    shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;
  [[nodiscard]] int port() const { return port_; }

 private:
  void serve() {
    const Fd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::string buffer(65536, '\0');
    for (ssize_t count = 0; (count = recv(client.get(), buffer.data(), buffer.size(), 0)) > 0;) {
      send(client.get(), buffer.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL);
    }
  }

  int port_ = 0;
  Fd listener_;
  std::thread thread_;
};

std::string all_of(const Fd& socket) {
  std::string result;
  std::string buffer(65536, '\0');
  for (ssize_t count = 0; (count = recv(socket.get(), buffer.data(), buffer.size(), 0)) > 0;) {
    result.append(buffer, 0, static_cast<std::size_t>(count));
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(delay_proxy)

BOOST_AUTO_TEST_CASE(hands_on_every_byte_and_the_end_of_them) {
  for (const int delay : {0, 5}) {
    const Echo echo;
    const DelayProxy proxy(echo.port(), milliseconds(delay));
    const Fd client = connect_to_loopback(proxy.port());
    std::string sent;
    for (int number = 0; sent.size() < 20'000'000; ++number) sent += std::to_string(number) + ' ';
    std::thread sender([&] {
      send(client.get(), sent.data(), sent.size(), MSG_NOSIGNAL);
      shutdown(client.get(), SHUT_WR);
    });
    const std::string received = all_of(client);
    sender.join();
    BOOST_TEST((received == sent));
  }
}

BOOST_AUTO_TEST_CASE(takes_a_round_trip_to_connect_and_one_for_an_answer) {
  const Echo echo;
  const DelayProxy proxy(echo.port(), milliseconds(20));
  const auto begin = Clock::now();
  const Fd client = connect_to_loopback(proxy.port());
  send(client.get(), "x", 1, MSG_NOSIGNAL);
  char answer = 0;
  BOOST_TEST(recv(client.get(), &answer, 1, 0) == 1);
  BOOST_TEST((Clock::now() - begin >= milliseconds(80)));
}

BOOST_AUTO_TEST_CASE(closes_what_is_open_when_it_goes) {
  const Echo echo;
  auto proxy = std::make_unique<DelayProxy>(echo.port(), milliseconds(0));
  const Fd client = connect_to_loopback(proxy->port());
  send(client.get(), "x", 1, MSG_NOSIGNAL);
  char answer = 0;
  BOOST_TEST(recv(client.get(), &answer, 1, 0) == 1);
  proxy.reset();
  BOOST_TEST(all_of(client).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
