#include "support/delay_proxy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <list>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/loopback.hpp"

namespace syncmanager::test {

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

// Under way in one direction at most: 25 ms of it are more than a GB a second, and it is all that a receiver which
// does not read costs.
constexpr std::size_t most_under_way = std::size_t{32} * 1024 * 1024;

struct Piece {
  Time due;
  std::string data;  ///< empty: the sender has finished
};

/// What is under way from one socket to the other.
struct Line {
  std::deque<Piece> pieces;
  std::size_t bytes = 0;
  bool read_all = false;     ///< the sender has finished
  bool written_all = false;  ///< and the receiver knows
};

/// The first byte can leave a round trip after the client's first packet, and meets a server that has just accepted.
struct Connection {
  Fd client;
  Fd server;  ///< none until `opens`
  Time sends;
  Time opens;
  Line there;
  Line back;
};

bool wants_to_read(const Line& line) {
  return !line.read_all && line.bytes < most_under_way;
}

bool wants_to_write(const Line& line, Time now) {
  return !line.pieces.empty() && line.pieces.front().due <= now;
}

/// Takes what is there to be read. False: the connection is broken.
bool read_piece(Line& line, const Fd& from, Time due) {
  static thread_local std::array<char, 262144> buffer;
  const ssize_t count = recv(from.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  line.read_all = count == 0;
  line.bytes += static_cast<std::size_t>(count);
  line.pieces.push_back({due, std::string(buffer.data(), static_cast<std::size_t>(count))});
  return true;
}

/// Hands on what is due, as far as the receiver takes it. False: the connection is broken.
bool write_pieces(Line& line, const Fd& to, Time now) {
  while (wants_to_write(line, now)) {
    std::string& data = line.pieces.front().data;
    if (data.empty()) {
      line.written_all = true;
      shutdown(to.get(), SHUT_WR);
    } else {
      const ssize_t count = send(to.get(), data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      line.bytes -= static_cast<std::size_t>(count);
      data.erase(0, static_cast<std::size_t>(count));
      if (!data.empty()) return true;
    }
    line.pieces.pop_front();
  }
  return true;
}

/// All connections, and the loop that carries them.
class Carrier {
 public:
  Carrier(int listener, int ending, int target_port, std::chrono::milliseconds delay)
      : listener_(listener), ending_(ending), target_port_(target_port), delay_(delay) {}

  void run() {
    for (;;) {
      const std::vector<pollfd> polled = wait();
      if (polled[0].revents != 0) return;
      const Time now = Clock::now();
      std::size_t index = 2;
      std::erase_if(connections_, [&](Connection& connection) {
        const short client = polled[index++].revents;
        const short server = polled[index++].revents;
        return !carry(connection, client, server, now) || (connection.there.written_all && connection.back.written_all);
      });
      if (polled[1].revents != 0) accept_one(now);
    }
  }

 private:
  /// The end, the listener, and two for each connection: its client and its server. One that has nothing to wait for
  /// is left out, by a negative descriptor, because a broken one would be reported again and again.
  std::vector<pollfd> wait() {
    const Time now = Clock::now();
    std::vector<pollfd> polled = {{ending_, POLLIN, 0}, {listener_, POLLIN, 0}};
    next_.reset();
    for (const Connection& connection : connections_) {
      wake_at(connection.server ? std::nullopt : std::optional(connection.opens), now);
      wake_at(now < connection.sends ? std::optional(connection.sends) : std::nullopt, now);
      const bool may_send = now >= connection.sends;
      add(polled, connection.client, may_send && wants_to_read(connection.there), connection.back, now);
      add(polled, connection.server, wants_to_read(connection.back), connection.there, now);
    }
    timespec longest{};
    if (next_) {
      const auto left = std::max(std::chrono::nanoseconds(*next_ - now), std::chrono::nanoseconds(0));
      longest = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    }
    if (ppoll(polled.data(), polled.size(), next_ ? &longest : nullptr, nullptr) < 0) {
      for (pollfd& entry : polled) entry.revents = 0;
    }
    return polled;
  }

  void add(std::vector<pollfd>& polled, const Fd& socket, bool reads, const Line& writes, Time now) {
    const bool due = wants_to_write(writes, now);
    if (!due && !writes.pieces.empty()) wake_at(writes.pieces.front().due, now);
    const auto events = static_cast<short>((reads ? POLLIN : 0) | (due ? POLLOUT : 0));
    polled.push_back({events != 0 && socket ? socket.get() : -1, events, 0});
  }

  void wake_at(std::optional<Time> time, Time now) {
    if (time && (!next_ || *time < *next_)) next_ = std::max(*time, now);
  }

  /// False: it is over.
  bool carry(Connection& connection, short client, short server, Time now) const {
    if (!connection.server && now >= connection.opens) {
      connection.server = connect_to_loopback(target_port_);
      if (!connection.server) return false;
    }
    if (client & (POLLIN | POLLHUP | POLLERR) && wants_to_read(connection.there) &&
        !read_piece(connection.there, connection.client, now + delay_)) {
      return false;
    }
    if (server & (POLLIN | POLLHUP | POLLERR) && wants_to_read(connection.back) &&
        !read_piece(connection.back, connection.server, now + delay_)) {
      return false;
    }
    return (!connection.server || write_pieces(connection.there, connection.server, now)) &&
           write_pieces(connection.back, connection.client, now);
  }

  void accept_one(Time now) {
    Fd client(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    without_delay(client);
    connections_.push_back({std::move(client), Fd(), now + 2 * delay_, now + 3 * delay_, {}, {}});
  }

  int listener_;
  int ending_;
  int target_port_;
  std::chrono::milliseconds delay_;
  std::list<Connection> connections_;
  std::optional<Time> next_;  ///< when something becomes due
};

}  // namespace

DelayProxy::DelayProxy(int target_port, std::chrono::milliseconds delay)
    : listener_(listen_on_loopback(port_)), ending_(eventfd(0, EFD_CLOEXEC)) {
  if (!ending_) throw std::runtime_error("cannot make an eventfd");
  thread_ =
      std::thread([carrier = Carrier(listener_.get(), ending_.get(), target_port, delay)]() mutable { carrier.run(); });
}

DelayProxy::~DelayProxy() {
  eventfd_write(ending_.get(), 1);
  thread_.join();
}

}  // namespace syncmanager::test
