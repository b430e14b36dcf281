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

  std::unique_ptr<Channel> open(const std::string& command) override;
  /// The same, but null where the server allows no more channels by now.
  std::unique_ptr<SessionChannel> try_open(const std::string& command);
  [[nodiscard]] std::size_t lanes() const override;
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
  LIBSSH2_CHANNEL* try_open_channel();
  void make_room();
  void free_retired();

  Transport transport_;
  std::size_t open_ = 0;
  // Closed by us, but the server has not answered that yet. libssh2 still has them.
  std::vector<LIBSSH2_CHANNEL*> retired_;
  std::optional<Start> starting_;
  std::optional<std::chrono::microseconds> round_trip_;
};

/// How many sessions side by side make up for this round trip: what one of them waits for, others use.
std::size_t lanes_for(std::chrono::microseconds round_trip);

/// Connects and logs in: the agent's keys first, then key files without a passphrase. Never prompts.
/// Throws Error(offline), Error(auth) (host key or login refused, with fingerprint and the command that mends it), or
/// Unsupported. The connection belongs to the calling thread.
std::unique_ptr<Session> open_session(const SessionOptions& options);

}  // namespace syncmanager::ssh
