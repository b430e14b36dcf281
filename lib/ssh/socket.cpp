#include "ssh/socket.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"

namespace syncmanager::ssh {
namespace {

constexpr int head_start = 250;  // ms before the next address is tried too; RFC 8305, section 5

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

struct Resolved {
  Addresses addresses;
  int error = 0;  ///< as getaddrinfo(3) returns it
};

Resolved resolve(const std::string& host, int port, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
  return {Addresses(error == 0 ? list : nullptr), error};
}

/// getaddrinfo knows no deadline. A thread that is left behind by one only holds its own data.
Addresses resolve_in_time(const std::string& host, int port, const Deadline& deadline, const std::string& name,
                          const Interrupt* interrupt) {
  Resolved resolved = resolve(host, port, AI_NUMERICHOST | AI_NUMERICSERV);
  if (resolved.error != 0) {
    std::packaged_task<Resolved()> task([host, port] { return resolve(host, port, AI_NUMERICSERV | AI_ADDRCONFIG); });
    std::future<Resolved> future = task.get_future();
    std::thread(std::move(task)).detach();
    constexpr int look_after = 100;  // ms
    while (future.wait_for(std::chrono::milliseconds(std::min(deadline.poll_timeout(), look_after))) !=
           std::future_status::ready) {
      stop_if(interrupt);
      if (!deadline.expired()) continue;
      throw Error(ErrorKind::timeout, fmt::format("cannot connect to {}: no answer to who {} is", name, host),
                  "check the network and its name server, or wait longer with --timeout");
    }
    resolved = future.get();
  }
  if (resolved.error != 0) {
    throw Error(ErrorKind::offline,
                fmt::format("cannot connect to {}: {}: {}", name, host, gai_strerror(resolved.error)),
                "check the host name and the network");
  }
  return std::move(resolved.addresses);
}

void set_option(int socket, int level, int option) {
  const int on = 1;
  setsockopt(socket, level, option, &on, sizeof on);
}

/// Connections under way to several addresses of one host.
class Attempts {
 public:
  explicit Attempts(const Interrupt* interrupt) : interrupt_(interrupt) {}

  /// Whether the address could be tried at all.
  bool start(const addrinfo& address) {
    Fd fd(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
    if (fd && (connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0 || errno == EINPROGRESS)) {
      pending_.push_back(std::move(fd));
      return true;
    }
    error_ = errno;
    return false;
  }

  /// Waits until one of them is connected, or one has failed, or `longest` is over.
  std::optional<Fd> wait(int longest) {
    std::vector<pollfd> polled;
    for (const Fd& fd : pending_) polled.push_back({fd.get(), POLLOUT, 0});
    polled.push_back({fd_of(interrupt_), POLLIN, 0});
    if (poll(polled.data(), polled.size(), longest) <= 0) return std::nullopt;
    stop_if(interrupt_);
    for (std::size_t i = pending_.size(); i-- > 0;) {
      if (polled[i].revents == 0) continue;
      Fd fd = std::move(pending_[i]);
      pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
      int error = 0;
      socklen_t size = sizeof error;
      if (getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0) return fd;
      error_ = error;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::size_t count() const { return pending_.size(); }
  [[nodiscard]] int error() const { return error_; }

 private:
  const Interrupt* interrupt_;
  std::vector<Fd> pending_;
  int error_ = ETIMEDOUT;
};

std::optional<Fd> connect_any(const addrinfo* next, const Deadline& deadline, Attempts& attempts) {
  while (!deadline.expired() && (next != nullptr || attempts.count() > 0)) {
    bool started = true;
    if (next != nullptr) {
      started = attempts.start(*next);
      next = next->ai_next;
    }
    if (!started) continue;
    const int longest = deadline.poll_timeout();
    if (std::optional<Fd> fd = attempts.wait(next == nullptr ? longest : std::min(longest, head_start))) return fd;
  }
  return std::nullopt;
}

}  // namespace

Fd connect_tcp(const std::string& host, int port, const Deadline& deadline, const std::string& name,
               const Interrupt* interrupt) {
  const Addresses addresses = resolve_in_time(host, port, deadline, name, interrupt);
  Attempts attempts(interrupt);
  std::optional<Fd> fd = connect_any(addresses.get(), deadline, attempts);
  if (!fd) {
    const int error = attempts.count() > 0 ? ETIMEDOUT : attempts.error();
    throw Error(attempts.count() > 0 ? ErrorKind::timeout : ErrorKind::offline,
                fmt::format("cannot connect to {} ({} port {}): {}", name, host, port, words_of(error)),
                "check that the server runs and the network reaches it, and try again later");
  }
  set_option(fd->get(), IPPROTO_TCP, TCP_NODELAY);
  set_option(fd->get(), SOL_SOCKET, SO_KEEPALIVE);
  return std::move(*fd);
}

Fd local_socket(const std::string& path, Naming naming) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() > longest_socket_path) {
    errno = ENAMETOOLONG;
    return Fd();
  }
  path.copy(address.sun_path, path.size());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // The socket functions take any kind of address by a pointer to the general one.
  if (!fd || naming(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  const int error = errno;
  fd.reset();
  errno = error;
  return fd;
}

bool is_of_this_user(const Fd& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

std::string words_of(int error) {
  return std::generic_category().message(error);
}

}  // namespace syncmanager::ssh
