#include "support/faulty_line.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <numeric>

#include <sys/socket.h>

#include "support/loopback.hpp"

namespace syncmanager::test {

namespace {

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

FaultyLine::FaultyLine(int target_port) : target_port_(target_port), listener_(listen_on_loopback(port_)) {
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
    Fd server = connect_to_loopback(target_port_);
    if (!server) continue;
    const std::lock_guard guard(mutex_);
    const bool whole = connections_.size() >= plan_.connections;
    connections_.push_back(std::make_unique<Connection>(std::move(client), std::move(server), plan_.fault,
                                                        whole ? SIZE_MAX : plan_.bytes));
  }
}

}  // namespace syncmanager::test
