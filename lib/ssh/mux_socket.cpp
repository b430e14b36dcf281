#include "ssh/mux_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "ssh/socket.hpp"

namespace syncmanager::ssh {
namespace {

bool would_block(int error) {
  return error == EINTR || error == EAGAIN;
}

}  // namespace

MuxSocket::MuxSocket(const std::string& path, const Interrupt* interrupt) : interrupt_(interrupt) {
  connect(path);
}

void MuxSocket::connect(const std::string& path) {
  Fd fd = local_socket(path, ::connect);
  if (!fd) return give_up(words_of(errno));
  if (!is_of_this_user(fd)) return give_up("it is another user's");
  socket_ = std::move(fd);
}

std::optional<int> MuxSocket::ask_whether_alive(const Deadline& deadline) {
  if (!send(mux_hello() + mux_alive_check(0), deadline)) return std::nullopt;
  while (const std::optional<MuxMessage> message = receive(deadline)) {
    const auto* const hello = std::get_if<MuxHello>(&*message);
    if (hello != nullptr && hello->version != mux_version) {
      give_up(fmt::format("it speaks version {} of the protocol, not {}", hello->version, mux_version));
    }
    if (const auto* const alive = std::get_if<MuxAlive>(&*message)) return static_cast<int>(alive->pid);
  }
  return std::nullopt;
}

bool MuxSocket::send(std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    if (!ready(POLLOUT, deadline)) return false;
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (!would_block(errno)) {
      give_up(words_of(errno));
      return false;
    }
  }
  return true;
}

bool MuxSocket::pass(const Fd& fd, const Deadline& deadline) {
  char byte = 0;
  iovec data{&byte, 1};
  const int number = fd.get();
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof number)> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof number);
  std::memcpy(CMSG_DATA(rights), &number, sizeof number);
  while (ready(POLLOUT, deadline)) {
    if (sendmsg(socket_.get(), &message, MSG_NOSIGNAL) == 1) return true;
    if (!would_block(errno)) give_up(words_of(errno));
  }
  return false;
}

std::optional<MuxMessage> MuxSocket::receive(const Deadline& deadline) {
  while (true) {
    std::optional<MuxMessage> message = reader_.next();
    if (message && std::holds_alternative<MuxNonsense>(*message)) give_up("it speaks another protocol");
    if (!socket_) return std::nullopt;
    if (message) return message;
    if (!ready(POLLIN, deadline)) return std::nullopt;
    std::array<char, 4096> buffer;
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      reader_.feed({buffer.data(), static_cast<std::size_t>(count)});
    } else if (count == 0 || !would_block(errno)) {
      give_up(count == 0 ? "the master has ended it" : words_of(errno));
    }
  }
}

/// Waits until the socket can be read from or written to.
bool MuxSocket::ready(short events, const Deadline& deadline) {
  if (!socket_) return false;
  std::array<pollfd, 2> polled{{{socket_.get(), events, 0}, {fd_of(interrupt_), POLLIN, 0}}};
  int ready = 0;
  do {
    ready = poll(polled.data(), polled.size(), deadline.poll_timeout());
  } while (ready < 0 && errno == EINTR);
  stop_if(interrupt_);
  if (ready == 0) problem_ = "the master does not answer";
  return ready > 0;
}

void MuxSocket::give_up(std::string problem) {
  problem_ = std::move(problem);
  socket_.reset();
}

}  // namespace syncmanager::ssh
