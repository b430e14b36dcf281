// One connection to an ssh server through libssh2: connect, check the host key, log in, open channels.
// Does what the settings ask or says that it can't; choosing another way then is up to Server.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/deadline.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"
#include "ssh/channel.hpp"
#include "ssh/session_channel.hpp"
#include "ssh/session_options.hpp"
#include "ssh/transport.hpp"

namespace syncmanager::ssh {

/// One thread at a time.
class Session : public Connection, private ChannelOwner {
 public:
  Session(Fd socket, const std::string& name, const Deadline& deadline, const Interrupt* interrupt)
      : transport_(std::move(socket), name, deadline, interrupt) {}

  /// Opens a channel for the first command to come, which so need not wait for it; and sees how far away the server is.
  void open_ahead() { ahead_ = open_channel(); }
  std::unique_ptr<Channel> open(const std::string& command) override;
  /// The same without waiting; null where the server has not answered yet, or allows no more channels by now. Who comes
  /// next gets what it answers.
  std::unique_ptr<SessionChannel> try_open(const std::string& command);
  /// Whether it has not answered yet.
  [[nodiscard]] bool awaits_channel() const { return awaits_channel_; }
  /// Goes on, as far as it goes by now, with the end of commands that were left.
  void tidy();
  /// Whether the server's answer to one that was left is needed for that.
  [[nodiscard]] bool has_loose_end() const { return starting_ && starting_->opened == nullptr; }
  [[nodiscard]] std::size_t lanes() const override;
  [[nodiscard]] std::size_t at_once(std::size_t lanes) const override;
  Transport& transport() { return transport_; }

 private:
  /// A command that has been sent, until its answer is taken.
  struct Start {
    LIBSSH2_CHANNEL* channel;
    std::string command;
    SessionChannel* opened;  // null where the caller has already left it
  };

  void settle() override;
  void try_to_settle() override;
  void retire(LIBSSH2_CHANNEL* channel) noexcept override;
  static int start(const Start& start);
  std::unique_ptr<SessionChannel> start_on(LIBSSH2_CHANNEL* channel, const std::string& command);
  void settle_with(int code);
  LIBSSH2_CHANNEL* open_channel();
  LIBSSH2_CHANNEL* try_open_channel();
  static int ask_for_channel(LIBSSH2_SESSION* session, LIBSSH2_CHANNEL*& channel);
  void fail_unless_refused(int code) const;
  void make_room(const Deadline& deadline);
  void free_retired();

  Transport transport_;
  LIBSSH2_CHANNEL* ahead_ = nullptr;  // for the next command
  std::size_t open_ = 0;
  // Closed by us, but the server has not answered that yet. libssh2 still has them.
  std::vector<LIBSSH2_CHANNEL*> retired_;
  std::optional<Start> starting_;
  bool awaits_channel_ = false;
  std::optional<std::chrono::microseconds> round_trip_;
};

/// How many sessions side by side make up for this round trip: what one of them waits for, others use.
std::size_t lanes_for(std::chrono::microseconds round_trip);

/// Connects and logs in: the agent's keys first, then key files without a passphrase. Never prompts.
/// Throws Error(offline), Error(auth) (host key or login refused, with fingerprint and the command that mends it), or
/// Unsupported. The connection belongs to the calling thread.
std::unique_ptr<Session> open_session(const SessionOptions& options);

}  // namespace syncmanager::ssh
