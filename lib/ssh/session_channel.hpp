// A command on a server over libssh2.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <libssh2.h>

#include "ssh/channel.hpp"
#include "ssh/transport.hpp"

namespace syncmanager::ssh {

class SessionChannel;

/// What a channel wants of its session.
class ChannelOwner {
 public:
  virtual ~ChannelOwner() = default;
  /// Waits for the server's answer to the last command, and tells its channel.
  virtual void settle() = 0;
  /// Takes back what the channel got, before it goes.
  virtual void retire(LIBSSH2_CHANNEL* channel) noexcept = 0;
};

/// Gets its channel from the session, which has sent the command. The first call waits until it has been started.
class SessionChannel : public Channel {
 public:
  SessionChannel(Transport& transport, LIBSSH2_CHANNEL* channel, ChannelOwner& owner);
  SessionChannel(const SessionChannel&) = delete;
  SessionChannel& operator=(const SessionChannel&) = delete;
  ~SessionChannel() override;

  std::size_t read(std::span<char> buffer) override;
  void write(std::string_view data) override;
  void finish_input() override;
  [[nodiscard]] const std::string& errors() const override { return errors_.text(); }
  int wait() override;

  /// The server's answer to the command; empty where it has been started.
  void answered(std::string problem) { problem_ = std::move(problem); }

 private:
  void await_start();
  bool take_output();
  bool take_errors();

  Transport& transport_;
  LIBSSH2_CHANNEL* channel_;  // belongs to the libssh2 session
  ChannelOwner& owner_;
  std::optional<std::string> problem_;  // of the command's start; nothing before the server's answer
  Backlog output_;
  ErrorText errors_;
};

}  // namespace syncmanager::ssh
