#include "ssh/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <random>
#include <utility>

#include <libssh2.h>
#include <poll.h>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "ssh/algorithms.hpp"
#include "ssh/channel_slots.hpp"
#include "ssh/host_key.hpp"
#include "ssh/login.hpp"
#include "ssh/session_channel.hpp"
#include "ssh/socket.hpp"
#include "ssh/transport.hpp"

namespace syncmanager::ssh {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr unsigned window = 16 * 1024 * 1024;  // bytes under way: a round trip of 100 ms at 160 MB/s

std::unique_ptr<Session> connect(const SessionOptions& options) {
  const Settings& settings = options.settings;
  const Deadline deadline = Deadline::after(options.silence);
  const milliseconds longest = std::min(options.silence, settings.connect_timeout.value_or(options.silence));
  Fd socket = connect_tcp(settings.host_name, settings.port, Deadline::after(longest), options.name, options.interrupt);
  return std::make_unique<Session>(std::move(socket), options.name, deadline, options.interrupt);
}

/// Whether the server lets us come to the keys. sshd ends a connection unheard while too many others are about to log
/// in (MaxStartups).
bool shake_hands(Transport& transport, const SessionOptions& options) {
  const Algorithms algorithms = choose_algorithms(options.settings, known_algorithms(options), transport.supported());
  if (!transport.prefer(algorithms)) throw Unsupported{"libssh2 knows none of the algorithms that ssh would use", {}};
  if (transport.handshake() == 0) return true;
  if (transport.broken()) return false;
  throw Unsupported{"libssh2 and the server do not understand each other: " + transport.last_error(), {}};
}

/// Around `length`: those who were turned away together shall not come back together.
void pause(milliseconds length, const Interrupt* interrupt) {
  std::random_device random;
  const auto span = static_cast<unsigned>(length.count());
  pollfd polled{fd_of(interrupt), POLLIN, 0};
  poll(&polled, 1, static_cast<int>(span / 2 + random() % span));
  stop_if(interrupt);
}

/// The part of open_session after the handshake.
void enter(Transport& transport, const SessionOptions& options) {
  std::size_t size = 0;
  int type = 0;
  const char* const key = libssh2_session_hostkey(transport.session(), &size, &type);
  check_host_key(options, key == nullptr ? std::string_view() : std::string_view(key, size));
  log_in(transport, options);
  transport.limit_silence(options.silence);
}

}  // namespace

std::size_t Session::lanes() const {
  return round_trip_ ? lanes_for(*round_trip_) : 1;
}

/// Far away, a channel that was closed keeps its slot for another round trip.
std::size_t Session::at_once(std::size_t lanes) const {
  return lanes > 1 ? most_channels / 2 : most_channels;
}

std::unique_ptr<Channel> Session::open(const std::string& command) {
  if (ahead_ != nullptr) return start_on(std::exchange(ahead_, nullptr), command);
  const Deadline deadline = Deadline::after(slot_patience);
  make_room(deadline);
  while (true) {
    if (LIBSSH2_CHANNEL* const channel = open_channel()) return start_on(channel, command);
    if (deadline.expired()) transport_.fail(fmt::format("cannot open a channel to {}", transport_.name()));
    free_retired();
    transport_.wait(slot_pause);
  }
}

std::unique_ptr<SessionChannel> Session::try_open(const std::string& command) {
  LIBSSH2_CHANNEL* const channel = ahead_ != nullptr ? std::exchange(ahead_, nullptr) : try_open_channel();
  return channel == nullptr ? nullptr : start_on(channel, command);
}

void Session::tidy() {
  if (has_loose_end()) try_to_settle();
  free_retired();
}

std::unique_ptr<SessionChannel> Session::start_on(LIBSSH2_CHANNEL* channel, const std::string& command) {
  // libssh2 takes an answer that comes while it waits for another one as the failure of that: one at a time. The last
  // command's answer has come before this channel, so that there is nothing to wait for.
  settle();
  ++open_;
  ChannelOwner& owner = *this;
  auto opened = std::make_unique<SessionChannel>(transport_, channel, owner);
  starting_ = Start{channel, command, opened.get()};
  try_to_settle();
  return opened;
}

int Session::start(const Start& start) {
  return libssh2_channel_process_startup(start.channel, "exec", 4, start.command.data(),
                                         static_cast<unsigned>(start.command.size()));
}

void Session::settle() {
  if (starting_) settle_with(transport_.call([this] { return start(*starting_); }));
}

void Session::try_to_settle() {
  if (!starting_) return;
  const int code = transport_.step([this] { return start(*starting_); });
  if (code != LIBSSH2_ERROR_EAGAIN) settle_with(code);
}

void Session::settle_with(int code) {
  SessionChannel* const opened = starting_->opened;
  starting_.reset();
  const std::string act = fmt::format("cannot run a command on {}", transport_.name());
  if (opened != nullptr) opened->answered(code == 0 ? "" : fmt::format("{}: {}", act, transport_.last_error()));
  if (code != 0 && transport_.broken()) transport_.fail(act);
}

int Session::ask_for_channel(LIBSSH2_SESSION* session, LIBSSH2_CHANNEL*& channel) {
  channel = libssh2_channel_open_ex(session, "session", 7, window, LIBSSH2_CHANNEL_PACKET_DEFAULT, nullptr, 0);
  return channel == nullptr ? libssh2_session_last_errno(session) : 0;
}

/// Null where the server refuses.
LIBSSH2_CHANNEL* Session::open_channel() {
  LIBSSH2_CHANNEL* channel = nullptr;
  const auto begin = std::chrono::steady_clock::now();
  const int code = transport_.call([&] { return ask_for_channel(transport_.session(), channel); });
  fail_unless_refused(code);
  if (code == 0) {
    const auto took = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
    round_trip_ = std::min(round_trip_.value_or(took), took);
  }
  return channel;
}

/// Null where the server refuses, or has not answered yet.
LIBSSH2_CHANNEL* Session::try_open_channel() {
  LIBSSH2_CHANNEL* channel = nullptr;
  const int code = transport_.step([&] { return ask_for_channel(transport_.session(), channel); });
  awaits_channel_ = code == LIBSSH2_ERROR_EAGAIN;
  if (!awaits_channel_) fail_unless_refused(code);
  return channel;
}

void Session::fail_unless_refused(int code) const {
  if (code == 0 || code == LIBSSH2_ERROR_CHANNEL_FAILURE) return;
  transport_.fail(fmt::format("cannot open a channel to {}", transport_.name()));
}

/// Waits until the server has closed enough channels for one more, but not for long: it keeps those of commands that do
/// not end.
void Session::make_room(const Deadline& deadline) {
  if (has_loose_end()) settle();
  std::uint64_t before = transport_.received();
  free_retired();
  while (open_ + retired_.size() >= most_channels && !retired_.empty() && !deadline.expired()) {
    if (before == transport_.received()) transport_.wait(milliseconds(deadline.poll_timeout()));
    before = transport_.received();
    free_retired();
  }
}

void Session::free_retired() {
  // Forgets each as soon as it is freed: the next one may throw.
  for (auto channel = retired_.begin(); channel != retired_.end();) {
    if (starting_ && starting_->channel == *channel) {
      ++channel;  // its answer is still to come
      continue;
    }
    const int code = transport_.step([&] { return libssh2_channel_free(*channel); });
    channel = code == LIBSSH2_ERROR_EAGAIN ? std::next(channel) : retired_.erase(channel);
  }
}

/// Starts to close the channel, and does not wait for the server's answer. What goes wrong shows in the next call.
void Session::retire(LIBSSH2_CHANNEL* channel) noexcept try {
  --open_;
  if (starting_ && starting_->channel == channel) starting_->opened = nullptr;
  retired_.push_back(channel);
  free_retired();
} catch (const Error&) {
  return;  // the transport is broken and says so to whoever uses it next
}

std::size_t lanes_for(microseconds round_trip) {
  // Near by, another session's login costs more than it saves. Far away, each of them opens one channel in a round
  // trip. A firewall may turn away the sixth connection of half a minute (`ufw limit ssh`), and sshd all but ten that
  // log in at a time (MaxStartups).
  constexpr milliseconds near_by(8);
  return round_trip < near_by ? 1 : 5;
}

std::unique_ptr<Session> open_session(const SessionOptions& options) {
  constexpr milliseconds longest_pause(800);
  for (milliseconds length(100);; length *= 2) {
    std::unique_ptr<Session> session = connect(options);
    Transport& transport = session->transport();
    if (shake_hands(transport, options)) {
      enter(transport, options);
      session->open_ahead();
      return session;
    }
    if (length > longest_pause) transport.fail(fmt::format("cannot connect to {}", transport.name()));
    pause(length, options.interrupt);
  }
}

}  // namespace syncmanager::ssh
