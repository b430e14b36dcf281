#include "ssh/session_channel.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace syncmanager::ssh {
namespace {

/// The number of a signal that RFC 4254, section 6.10, names; 0 for others.
int signal_number(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, int>, 13> signals{{{"ABRT", SIGABRT},
                                                                      {"ALRM", SIGALRM},
                                                                      {"FPE", SIGFPE},
                                                                      {"HUP", SIGHUP},
                                                                      {"ILL", SIGILL},
                                                                      {"INT", SIGINT},
                                                                      {"KILL", SIGKILL},
                                                                      {"PIPE", SIGPIPE},
                                                                      {"QUIT", SIGQUIT},
                                                                      {"SEGV", SIGSEGV},
                                                                      {"TERM", SIGTERM},
                                                                      {"USR1", SIGUSR1},
                                                                      {"USR2", SIGUSR2}}};
  const auto* const found =
      std::find_if(signals.begin(), signals.end(), [&](const auto& signal) { return signal.first == name; });
  return found == signals.end() ? 0 : found->second;
}

}  // namespace

SessionChannel::SessionChannel(Transport& transport, LIBSSH2_CHANNEL* channel, ChannelOwner& owner)
    : transport_(transport), channel_(channel), owner_(owner) {}

SessionChannel::~SessionChannel() {
  owner_.retire(channel_);
}

void SessionChannel::await_start() {
  if (!problem_) owner_.settle();
  throw_unless_started();
}

bool SessionChannel::try_start() {
  if (!problem_) owner_.try_to_settle();
  if (problem_) throw_unless_started();
  return problem_.has_value();
}

void SessionChannel::throw_unless_started() const {
  if (!problem_->empty()) throw Error(ErrorKind::failed, *problem_);
}

std::size_t SessionChannel::read(std::span<char> buffer) {
  await_start();
  if (!output_.empty()) return output_.take(buffer);
  while (true) {
    transport_.stop_if_interrupted();
    const std::uint64_t before = transport_.received();
    if (const std::size_t count = try_read(buffer); count > 0) return count;
    const bool errors = take_errors();
    if (at_end()) return 0;
    if (!errors) transport_.wait_since(before);
  }
}

std::size_t SessionChannel::try_read(std::span<char> buffer) {
  const ssize_t count = transport_.step([&] { return libssh2_channel_read(channel_, buffer.data(), buffer.size()); });
  if (count >= 0) return static_cast<std::size_t>(count);
  if (count != LIBSSH2_ERROR_EAGAIN) transport_.fail("cannot read from " + transport_.name());
  return 0;
}

std::size_t SessionChannel::try_read_errors(std::span<char> buffer) {
  const ssize_t count =
      transport_.step([&] { return libssh2_channel_read_stderr(channel_, buffer.data(), buffer.size()); });
  return static_cast<std::size_t>(std::max<ssize_t>(count, 0));  // a connection that is broken breaks try_read() too
}

bool SessionChannel::at_end() const {
  return libssh2_channel_eof(channel_) == 1;
}

void SessionChannel::write(std::string_view data) {
  await_start();
  while (!data.empty()) {
    transport_.stop_if_interrupted();
    const std::uint64_t before = transport_.received();
    const std::optional<std::size_t> count = try_write(data);
    if (!count) transport_.fail("cannot write to " + transport_.name());
    data.remove_prefix(*count);
    if (*count > 0) continue;
    if (at_end()) {
      throw Error(ErrorKind::failed,
                  fmt::format("the command on {} ended before it had read its input: {}", transport_.name(), errors()));
    }
    // The far side's window is full: it wants to be read from before it goes on, or just needs time.
    if (!take_output()) transport_.wait_since(before);
  }
}

std::optional<std::size_t> SessionChannel::try_write(std::string_view data) {
  const ssize_t count = transport_.step([&] { return libssh2_channel_write(channel_, data.data(), data.size()); });
  if (count >= 0) return static_cast<std::size_t>(count);
  if (count == LIBSSH2_ERROR_EAGAIN) return 0;
  if (count != LIBSSH2_ERROR_CHANNEL_CLOSED && count != LIBSSH2_ERROR_CHANNEL_EOF_SENT)
    transport_.fail("cannot write to " + transport_.name());
  return std::nullopt;
}

/// Whether there was output or errors.
bool SessionChannel::take_output() {
  std::array<char, 65536> buffer;
  const std::size_t count = try_read(buffer);
  output_.add({buffer.data(), count});
  return take_errors() || count > 0;
}

/// The errors share the window with the output: what is not kept is read all the same.
bool SessionChannel::take_errors() {
  std::array<char, 4096> buffer;
  bool any = false;
  for (std::size_t count = 0; (count = try_read_errors(buffer)) > 0; any = true) {
    transport_.stop_if_interrupted();
    errors_.add({buffer.data(), count});
  }
  return any;
}

void SessionChannel::finish_input() {
  await_start();
  end_input();
}

void SessionChannel::end_input() {
  const int code = transport_.call([this] { return libssh2_channel_send_eof(channel_); });
  if (code != 0 && code != LIBSSH2_ERROR_CHANNEL_CLOSED) transport_.fail("cannot write to " + transport_.name());
}

int SessionChannel::wait() {
  std::array<char, 65536> unwanted;
  while (read(unwanted) > 0) continue;
  while (true) {
    const std::uint64_t before = transport_.received();
    if (const std::optional<int> status = try_wait()) return *status;
    transport_.wait_since(before);
  }
}

std::optional<int> SessionChannel::try_wait() {
  const int code = transport_.step([this] { return libssh2_channel_wait_closed(channel_); });
  if (code == LIBSSH2_ERROR_EAGAIN) return std::nullopt;
  if (code != 0) transport_.fail("cannot learn how the command on " + transport_.name() + " ended");
  return status();
}

int SessionChannel::status() const {
  char* signal = nullptr;
  std::size_t size = 0;
  libssh2_channel_get_exit_signal(channel_, &signal, &size, nullptr, nullptr, nullptr, nullptr);
  if (signal == nullptr) return libssh2_channel_get_exit_status(channel_);
  const int number = signal_number({signal, size});
  libssh2_free(transport_.session(), signal);
  return 128 + number;
}

}  // namespace syncmanager::ssh
