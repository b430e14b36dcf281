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
  /// The same without waiting.
  virtual void try_to_settle() = 0;
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

  // The rest is for whoever has several channels to look after, and waits for none of them.

  /// Whether the server has answered to the command. Throws Error(failed) where it has not started it.
  bool try_start();
  /// Reads what is there; 0 where there is nothing by now.
  std::size_t try_read(std::span<char> buffer);
  /// The same with what it prints on its standard error; read() and try_read() leave that alone then.
  std::size_t try_read_errors(std::span<char> buffer);
  /// Whether all output and errors have been read, and no more will come.
  [[nodiscard]] bool at_end() const;
  /// Whether try_write() would not have to wait in the middle of a packet.
  [[nodiscard]] bool has_room() const { return transport_.has_room(); }
  /// How much of it was taken by now; nothing where the command takes no input any more. Input may follow a command
  /// that the server has not answered to: it takes one after the other.
  std::optional<std::size_t> try_write(std::string_view data);
  /// As finish_input(), also before that answer.
  void end_input();
  /// What wait() returns, once that would not wait.
  std::optional<int> try_wait();

  /// The server's answer to the command; empty where it has been started.
  void answered(std::string problem) { problem_ = std::move(problem); }

 private:
  void await_start();
  void throw_unless_started() const;
  [[nodiscard]] int status() const;
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
