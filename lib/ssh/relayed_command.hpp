// A command on a server whose three streams are descriptors that another process has handed over, as the clients of an
// ssh master do.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <poll.h>

#include "base/file.hpp"
#include "ssh/session_channel.hpp"

namespace syncmanager::ssh {

struct Streams {
  Fd input;
  Fd output;
  Fd errors;
};

/// One thread, that of the session. It never waits for the other process; for the server only where libssh2 is in the
/// middle of a packet.
class RelayedCommand {
 public:
  RelayedCommand(std::unique_ptr<SessionChannel> channel, Streams streams);

  /// Moves what can be moved by now; whether that was anything. Throws Error where the connection breaks.
  bool pump();
  /// Adds what it waits for at the other process.
  void add_to(std::vector<pollfd>& polled) const;
  /// Whether it waits for the server. It does not where what has come from there can't go on.
  [[nodiscard]] bool awaits_server() const;
  /// Whether it waits for room in the connection's socket.
  [[nodiscard]] bool awaits_room() const { return awaits_room_; }
  /// Its exit status, 128 + n for a signal, when all that it has printed has gone on.
  [[nodiscard]] std::optional<int> status() const { return status_; }

 private:
  /// Bytes on their way, filled only when it is empty.
  class Buffer {
   public:
    [[nodiscard]] bool empty() const { return begin_ == end_; }
    [[nodiscard]] std::string_view rest() const { return {bytes_.data() + begin_, end_ - begin_}; }
    std::span<char> space() { return bytes_; }
    void filled(std::size_t count) { begin_ = 0, end_ = count; }
    void taken(std::size_t count) { begin_ += count; }

   private:
    std::vector<char> bytes_ = std::vector<char>(std::size_t{64} * 1024);
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
  };
  /// A descriptor, or none where that end has been closed, with what has come from there or waits to go there.
  struct End {
    Fd fd;
    Buffer waiting;
  };

  bool start();
  bool fill_input();
  bool pump_input();
  bool pump_output();
  static bool flush(End& end);

  std::unique_ptr<SessionChannel> channel_;  // null: the server has not started it
  bool started_ = false;
  End input_;
  End output_;
  End errors_;
  bool awaits_room_ = false;
  std::optional<int> status_;
};

}  // namespace syncmanager::ssh
