// A channel over three pipes, whoever holds their other ends: a child of ours, or a session of an ssh master.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::ssh {

/// Our ends, which do not block.
struct Pipes {
  Fd input;
  Fd output;
  Fd errors;
};

/// The command at the other ends. Belongs to its channel, and is used after the channel's pipes have been closed.
class PipedCommand {
 public:
  virtual ~PipedCommand() = default;
  /// Called once, before all others: gives the pipes, and may wait for the command's start. Throws Error.
  virtual Pipes start() = 0;
  /// Whether it ends before `longest` is over, with all of its output in the pipes; 0 only looks.
  virtual bool ended_within(std::chrono::milliseconds longest) = 0;
  /// After the end: the exit status, 128 + n for a signal.
  virtual int status() = 0;
  /// After the end: whether the way to the command may have ended, and not the command.
  virtual bool may_be_lost() = 0;
  /// Then: the error, unless it was the command after all.
  virtual std::optional<Error> failure(std::string_view errors, bool any_output) = 0;
};

struct PipeSetup {
  std::string name;                                    ///< the server, for messages
  std::chrono::milliseconds silence{30'000};           ///< the longest wait for the next byte
  std::chrono::milliseconds silence_at_first{30'000};  ///< until there is output: a person may be typing a passphrase
  const Interrupt* interrupt = nullptr;                ///< ends the waiting; borrowed, null: nothing
};

/// SIGPIPE must be ignored.
class PipeChannel : public Channel {
 public:
  PipeChannel(PipeSetup setup, std::unique_ptr<PipedCommand> command);

  std::size_t read(std::span<char> buffer) override;
  void write(std::string_view data) override;
  void finish_input() override;
  [[nodiscard]] const std::string& errors() const override { return errors_.text(); }
  int wait() override;

 private:
  enum class Wish { read, write };

  void start();
  void wait_for(Wish wish);
  void wait_for_end();
  void end_streams();
  bool take_output();
  bool take_errors();
  void throw_if_lost();
  [[noreturn]] void throw_input_refused();

  PipeSetup setup_;
  std::unique_ptr<PipedCommand> command_;
  Pipes pipes_;  // closed before the command is left alone
  bool started_ = false;
  Backlog output_;
  bool any_output_ = false;
  ErrorText errors_;
};

}  // namespace syncmanager::ssh
