#include "ssh/relayed_command.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"

namespace syncmanager::ssh {
namespace {

constexpr int status_of_a_failure = 255;  // ssh's own

/// Another descriptor for the same pipe or terminal, that does not block: the one at hand may be shared with others,
/// who count on its blocking. None where the system does not give it.
Fd own_end(const Fd& fd, int mode) {
  return Fd(open(fmt::format("/proc/self/fd/{}", fd.get()).c_str(), mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

/// So that a read after poll(2), and a write of a piece that fits then, do not block.
Fd prepared(Fd fd, int mode) {
  struct stat found {};
  const bool is_pipe = fstat(fd.get(), &found) == 0 && S_ISFIFO(found.st_mode);
  // A pipe that is opened once more to be read from would not show that its writers were gone before that.
  const bool reopened = (is_pipe && mode == O_WRONLY) || isatty(fd.get()) == 1;
  Fd own = reopened ? own_end(fd, mode) : Fd();
  return own ? std::move(own) : std::move(fd);
}

bool is_ready(const Fd& fd, short events) {
  pollfd polled{fd.get(), events, 0};
  return poll(&polled, 1, 0) > 0;
}

bool not_now(ssize_t result) {
  return result < 0 && (errno == EAGAIN || errno == EINTR);
}

}  // namespace

RelayedCommand::RelayedCommand(std::unique_ptr<SessionChannel> channel, Streams streams)
    : channel_(std::move(channel)),
      input_{prepared(std::move(streams.input), O_RDONLY), {}},
      output_{prepared(std::move(streams.output), O_WRONLY), {}},
      errors_{prepared(std::move(streams.errors), O_WRONLY), {}} {}

bool RelayedCommand::pump() {
  if (status_) return false;
  const bool answered = !started_ && start();
  const bool sent = pump_input();
  const bool received = pump_output();
  if (!output_.waiting.empty() || !errors_.waiting.empty()) return answered || sent || received;
  if (!channel_) status_ = status_of_a_failure;
  if (started_ && channel_ && channel_->at_end()) status_ = channel_->try_wait();
  return answered || sent || received || status_;
}

/// Takes the server's answer to the command, if it has come.
bool RelayedCommand::start() try { return started_ = channel_->try_start(); } catch (const Error& error) {
  if (error.kind() != ErrorKind::failed) throw;
  channel_.reset();
  started_ = true;
  const std::string words = std::string(error.what()) + '\n';
  const std::span<char> space = errors_.waiting.space();
  errors_.waiting.filled(words.copy(space.data(), space.size()));
  return true;
}

bool RelayedCommand::pump_input() {
  awaits_room_ = false;
  if (!channel_ || !input_.fd) return false;
  const bool read = input_.waiting.empty() && fill_input();
  if (input_.waiting.empty()) return read;
  awaits_room_ = !channel_->has_room();
  if (awaits_room_) return read;
  const std::optional<std::size_t> taken = channel_->try_write(input_.waiting.rest());
  if (taken) {
    input_.waiting.taken(*taken);
  } else {
    input_ = {};
  }
  return read || taken != 0U;
}

/// Whether anything came of it, if only the end.
bool RelayedCommand::fill_input() {
  if (!is_ready(input_.fd, POLLIN)) return false;
  const std::span<char> space = input_.waiting.space();
  const ssize_t count = ::read(input_.fd.get(), space.data(), space.size());
  if (not_now(count)) return false;
  if (count > 0) {
    input_.waiting.filled(static_cast<std::size_t>(count));
  } else {
    channel_->end_input();
    input_.fd = Fd();
  }
  return true;
}

bool RelayedCommand::pump_output() {
  Buffer& output = output_.waiting;
  Buffer& errors = errors_.waiting;
  if (channel_ && output.empty()) output.filled(channel_->try_read(output.space()));
  if (channel_ && errors.empty()) errors.filled(channel_->try_read_errors(errors.space()));
  const bool output_moved = flush(output_);
  const bool errors_moved = flush(errors_);
  return output_moved || errors_moved;
}

/// Writes what the other process takes by now, in pieces that surely fit: its descriptor may be one that blocks.
bool RelayedCommand::flush(End& end) {
  bool moved = false;
  while (!end.waiting.empty() && is_ready(end.fd, POLLOUT)) {
    const std::string_view rest = end.waiting.rest();
    const ssize_t count = ::write(end.fd.get(), rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
    if (not_now(count)) break;
    // What nobody reads any more is read from the server all the same.
    end.waiting.taken(count > 0 ? static_cast<std::size_t>(count) : rest.size());
    moved = true;
  }
  return moved;
}

void RelayedCommand::add_to(std::vector<pollfd>& polled) const {
  if (channel_ && input_.fd && input_.waiting.empty()) polled.push_back({input_.fd.get(), POLLIN, 0});
  for (const End* end : {&output_, &errors_}) {
    if (!end->waiting.empty()) polled.push_back({end->fd.get(), POLLOUT, 0});
  }
}

bool RelayedCommand::awaits_server() const {
  return output_.waiting.empty() || errors_.waiting.empty() || !input_.waiting.empty();
}

}  // namespace syncmanager::ssh
