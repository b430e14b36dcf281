// A command that runs on a server, as three streams; and the connection that opens such channels. The one seam between
// git and whatever carries its bytes: libssh2, an `ssh` child, or a shell on this computer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace syncmanager::ssh {

/// What a command prints on its standard error.
class ErrorText {
 public:
  /// How much of it is kept, and how much there may be: nobody waits for the end of a command that only complains.
  static constexpr std::size_t kept = std::size_t{64} * 1024;
  static constexpr std::size_t most = std::size_t{64} * 1024 * 1024;

  /// Throws Error(failed) where there is too much.
  void add(std::string_view piece);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::size_t seen_ = 0;
};

/// Output that was read while a write had to wait, until somebody wants it.
class Backlog {
 public:
  /// How much there may be: what git's other side says while it is spoken to is short.
  static constexpr std::size_t most = std::size_t{64} * 1024 * 1024;

  /// Throws Error(failed) where there is too much.
  void add(std::string_view piece);
  /// Moves as much as there is and fits into `buffer`; how much that is.
  std::size_t take(std::span<char> buffer);
  [[nodiscard]] bool empty() const { return used_ == text_.size(); }

 private:
  std::string text_;
  std::size_t used_ = 0;  // of text_
};

/// One thread at a time. Every call waits at most for the connection's deadline on silence, and throws Error(offline)
/// after it or when the connection breaks.
class Channel {
 public:
  virtual ~Channel() = default;
  /// Reads what is there, at least one byte; 0 at the end of the command's output.
  virtual std::size_t read(std::span<char> buffer) = 0;
  /// Writes all of it.
  virtual void write(std::string_view data) = 0;
  /// The command's standard input ends here.
  virtual void finish_input() = 0;
  /// What the command has printed on its standard error so far, up to ErrorText::kept; read() collects them.
  [[nodiscard]] virtual const std::string& errors() const = 0;
  /// Waits for the command's end and returns its exit status, 128 + n for a signal. After the end of the output.
  virtual int wait() = 0;
};

/// On one login: sshd's MaxSessions is 10, and git's own ssh wants a channel now and then.
inline constexpr std::size_t most_channels = 8;

/// One authenticated way to one server. Belongs to one thread at a time, and outlives its channels.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Starts `command` in the login shell of the other side. Throws Error(offline | failed | auth).
  /// What the server then says to that may also come with the channel's read(), write() or wait(): several commands can
  /// be started before the first one is looked at.
  virtual std::unique_ptr<Channel> open(const std::string& command) = 0;
  /// How many connections like this one, itself included, can usefully work for one run side by side, as far as it is
  /// known by now. Never 0.
  [[nodiscard]] virtual std::size_t lanes() const = 0;
  /// How many commands can usefully be under way on each of so many of these at a time. Never 0.
  [[nodiscard]] virtual std::size_t at_once(std::size_t lanes) const {
    return std::max<std::size_t>(most_channels / lanes, 1);
  }
};

/// Reads to the end of the output. Throws Error(failed) where it is longer than anything that is asked for.
std::string read_all(Channel& channel);

}  // namespace syncmanager::ssh
