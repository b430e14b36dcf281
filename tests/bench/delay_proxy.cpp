#include "bench/delay_proxy.hpp"

#include <array>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace syncmanager::test {

namespace {

using Clock = std::chrono::steady_clock;

struct Piece {
  Clock::time_point due;
  std::string data;  ///< empty: the sender has finished
};

/// What is under way in one direction.
class Line {
 public:
  void push(Piece piece) {
    const std::scoped_lock lock(mutex_);
    pieces_.push_back(std::move(piece));
    changed_.notify_one();
  }

  Piece pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !pieces_.empty(); });
    Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    return piece;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> pieces_;
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void without_delay_of_its_own(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void write_pieces(Line& line, int socket) {
  for (;;) {
    const Piece piece = line.pop();
    std::this_thread::sleep_until(piece.due);
    if (piece.data.empty()) break;
    for (std::size_t sent = 0; sent < piece.data.size();) {
      const ssize_t count = send(socket, piece.data.data() + sent, piece.data.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
  }
  shutdown(socket, SHUT_WR);
}

void carry(int from, int to, std::chrono::milliseconds delay) {
  Line line;
  std::thread writer([&] { write_pieces(line, to); });
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = recv(from, buffer.data(), buffer.size(), 0);
    const auto size = static_cast<std::size_t>(count > 0 ? count : 0);
    line.push({Clock::now() + delay, std::string(buffer.data(), size)});
    if (size == 0) break;
  }
  writer.join();
}

void serve(const Fd& client, int target_port, std::chrono::milliseconds delay) {
  const Fd server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(target_port);
  if (connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  without_delay_of_its_own(client.get());
  without_delay_of_its_own(server.get());
  std::thread back([&] { carry(server.get(), client.get(), delay); });
  carry(client.get(), server.get(), delay);
  back.join();
}

}  // namespace

DelayProxy::DelayProxy(int target_port, std::chrono::milliseconds delay)
    : target_port_(target_port), delay_(delay), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_.get(), general, size) != 0 || listen(listener_.get(), 64) != 0 ||
      getsockname(listener_.get(), general, &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

DelayProxy::~DelayProxy() {
  ending_ = true;
  shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
}

void DelayProxy::accept_all() {
  std::list<std::thread> connections;
  while (!ending_) {
    Fd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) break;
    connections.emplace_back([client = std::move(client), this] { serve(client, target_port_, delay_); });
  }
  for (std::thread& connection : connections) connection.join();
}

}  // namespace syncmanager::test
