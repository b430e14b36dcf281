#include "support/faulty_line.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <numeric>
#include <stdexcept>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace syncmanager::test {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void without_delay(const Fd& socket) {
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Fd connected(int port) {
  Fd server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the server behind a faulty line");
  }
  without_delay(server);
  return server;
}

bool send_all(const Fd& to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t count = send(to.get(), data, size, MSG_NOSIGNAL);
    if (count <= 0) return false;
    data += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

/// Two threads, one for each direction, so that one that is full never holds the other up.
class FaultyLine::Connection {
 public:
  Connection(Fd client, Fd server, Fault fault, std::size_t bytes)
      : client_(std::move(client)), server_(std::move(server)), fault_(fault), left_(bytes) {
    there_ = std::jthread([this] { carry(client_, server_); });
    back_ = std::jthread([this] { carry(server_, client_); });
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { end(); }

  [[nodiscard]] std::size_t carried() const { return carried_; }

 private:
  void end() {
    for (const Fd* socket : {&client_, &server_}) shutdown(socket->get(), SHUT_RDWR);
  }

  /// How much of a piece of this size may still pass.
  std::size_t take(std::size_t size) {
    std::size_t left = left_;
    while (!left_.compare_exchange_weak(left, left - std::min(left, size))) {
    }
    return std::min(left, size);
  }

  void carry(const Fd& from, const Fd& to) {
    std::array<char, 16384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): recv() fills it
    for (;;) {
      const ssize_t count = recv(from.get(), buffer.data(), buffer.size(), 0);
      if (count <= 0) break;
      const auto size = static_cast<std::size_t>(count);
      const std::size_t passing = take(size);
      carried_ += passing;
      if (!send_all(to, buffer.data(), passing)) break;
      if (passing == size) continue;
      if (fault_ == Fault::breaks) return end();
      // Whoever sends is not told, and what he sends goes nowhere.
      while (recv(from.get(), buffer.data(), buffer.size(), 0) > 0) {
      }
      return;
    }
    shutdown(to.get(), SHUT_WR);
  }

  Fd client_;
  Fd server_;
  Fault fault_;
  std::atomic<std::size_t> left_;
  std::atomic<std::size_t> carried_ = 0;
  std::jthread there_;
  std::jthread back_;
};

FaultyLine::FaultyLine(int target_port)
    : target_port_(target_port), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_.get(), general, size) != 0 || listen(listener_.get(), 64) != 0 ||
      getsockname(listener_.get(), general, &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { accept_all(); });
}

FaultyLine::~FaultyLine() {
  shutdown(listener_.get(), SHUT_RDWR);  // ends accept()
  thread_.join();
}

void FaultyLine::follow(const Plan& plan) {
  const std::lock_guard guard(mutex_);
  connections_.clear();
  plan_ = plan;
}

std::size_t FaultyLine::carried() {
  const std::lock_guard guard(mutex_);
  return std::accumulate(connections_.begin(), connections_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& connection) { return sum + connection->carried(); });
}

std::size_t FaultyLine::connections() {
  const std::lock_guard guard(mutex_);
  return connections_.size();
}

void FaultyLine::accept_all() {
  for (;;) {
    Fd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    without_delay(client);
    Fd server = connected(target_port_);
    const std::lock_guard guard(mutex_);
    const bool whole = connections_.size() >= plan_.connections;
    connections_.push_back(std::make_unique<Connection>(std::move(client), std::move(server), plan_.fault,
                                                        whole ? SIZE_MAX : plan_.bytes));
  }
}

}  // namespace syncmanager::test
