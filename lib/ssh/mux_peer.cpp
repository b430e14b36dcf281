#include "ssh/mux_peer.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "ssh/socket.hpp"

namespace syncmanager::ssh {
namespace {

constexpr std::size_t streams_of_a_command = 3;

}  // namespace

Fd listen_for_clients(const std::string& path) {
  constexpr int queue = 64;
  Fd fd = local_socket(path, ::bind);
  if (!fd || listen(fd.get(), queue) != 0)
    throw Error(ErrorKind::failed, fmt::format("cannot listen at {}: {}", path, words_of(errno)));
  return fd;
}

MuxPeer::MuxPeer(Fd socket) : socket_(std::move(socket)) {
  send(mux_hello());
}

std::optional<MuxPeer> MuxPeer::accept(const Fd& listening) {
  Fd fd(accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd || !is_of_this_user(fd)) return std::nullopt;
  return MuxPeer(std::move(fd));
}

void MuxPeer::receive() {
  std::array<char, 65536> buffer;
  iovec data{buffer.data(), buffer.size()};
  int number = -1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof number)> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = CMSG_LEN(sizeof number);  // without the padding, in which there is room for another one
  const ssize_t count = recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  const cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  if (rights != nullptr && rights->cmsg_type == SCM_RIGHTS) {
    std::memcpy(&number, CMSG_DATA(rights), sizeof number);
    descriptors_.emplace_back(number);
  }
  if (count <= 0 || (message.msg_flags & MSG_CTRUNC) != 0) {
    socket_.reset();
  } else {
    reader_.feed({buffer.data(), static_cast<std::size_t>(count)});
  }
}

std::optional<MuxCommandRequest> MuxPeer::next() {
  while (socket_) {
    if (wanted_) return complete();
    std::optional<MuxRequest> request = reader_.next_request();
    if (!request) return std::nullopt;
    if (auto* const session = std::get_if<MuxNewSession>(&*request)) {
      wanted_ = std::move(*session);
    } else {
      answer(*request);
    }
  }
  return std::nullopt;
}

/// Each descriptor comes with one byte of its own.
std::optional<MuxCommandRequest> MuxPeer::complete() {
  if (descriptors_.size() < streams_of_a_command || !reader_.skip(streams_of_a_command)) return std::nullopt;
  MuxCommandRequest request;
  request.request = wanted_->request;
  request.command = std::move(wanted_->command);
  for (Fd* stream : {&request.streams.input, &request.streams.output, &request.streams.errors}) {
    *stream = std::move(descriptors_.front());
    descriptors_.pop_front();
  }
  wanted_.reset();
  return request;
}

void MuxPeer::answer(const MuxRequest& request) {
  if (const auto* const check = std::get_if<MuxAliveCheck>(&request)) {
    send(mux_alive(check->request, static_cast<std::uint32_t>(getpid())));
  } else if (const auto* const other = std::get_if<MuxOtherRequest>(&request)) {
    send(mux_failure(other->request, "this master runs commands only"));
  } else if (const auto* const hello = std::get_if<MuxHello>(&request)) {
    if (hello->version != mux_version) socket_.reset();
  } else {
    socket_.reset();
  }
}

/// Answers are short: who does not take them is given up.
void MuxPeer::send(std::string_view message) {
  if (!socket_) return;
  const ssize_t sent = ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent != static_cast<ssize_t>(message.size())) socket_.reset();
}

}  // namespace syncmanager::ssh
