// Child processes: an argument vector, never a shell; pipes for the standard streams; a deadline.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/file.hpp"
#include "base/interrupt.hpp"

namespace syncmanager {

/// What to run. The program is looked for in this process's PATH.
struct Command {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value", all that the child gets
  std::filesystem::path folder;          ///< where it runs; empty: where we are
  bool own_group = true;                 ///< false keeps it in the terminal's foreground group, so that it can prompt
  const Interrupt* interrupt = nullptr;  ///< what ends run() early; borrowed, null: nothing
  int inherited = -1;  ///< one descriptor more that the child keeps open under its number, such as a lock; borrowed
};

/// A running child with pipes on its three streams. The destructor closes the pipes and, where the child has not been
/// waited for, ends it (SIGTERM to its group, then SIGKILL) and reaps it. One thread.
class Child {
 public:
  /// Throws Error(failed) where the program can't be started; the hint names the missing program.
  explicit Child(const Command& command);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  Fd input;   ///< write end, non-blocking; closed by reset()
  Fd output;  ///< read end, non-blocking
  Fd errors;  ///< read end, non-blocking

  /// Waits for the end. The exit status, or 128 + the number of the signal that ended it.
  int wait();
  /// As wait(), but gives up at the deadline: ends the child and returns 128 + SIGTERM or SIGKILL.
  int wait(std::chrono::milliseconds longest);
  /// Whether it ends before `longest` is over; it is left running where not. 0 only looks.
  bool ended_within(std::chrono::milliseconds longest);

 private:
  void end();
  pid_t pid_ = -1;
  bool own_group_ = true;
  int status_ = -1;
};

/// How much of what a child prints on its stderr is kept at least: the end of it.
inline constexpr std::size_t kept_errors = std::size_t{16} * 1024 * 1024;

struct Finished {
  int status = 0;  ///< as Child::wait
  std::string out;
  std::string err;
  [[nodiscard]] bool ok() const { return status == 0; }
};

/// Sees each piece of a child's stderr as it comes (progress), and says how long it may be silent from then on.
using OnErrors = std::function<std::chrono::milliseconds(std::string_view)>;

/// Takes each piece of a child's output as it comes, in place of Finished.out.
using OnOutput = std::function<void(std::string_view)>;

/// Runs a child to its end: gives it `input`, collects what it prints. Throws Error(failed) where it can't be started
/// and Error(timeout) where it says nothing for `silence`, Error(interrupted) where that is asked for, and what the
/// functions throw; then it has been ended.
Finished run(const Command& command, std::string_view input, std::chrono::milliseconds silence,
             const OnErrors& on_errors = {}, const OnOutput& on_output = {});

/// How many bytes of arguments a child with this environment can be given, as size_of_arguments() counts them.
std::size_t room_for_arguments(const std::vector<std::string>& environment);

/// As execve(2) counts: each with its end and its pointer.
std::size_t size_of_arguments(std::span<const std::string> arguments);

}  // namespace syncmanager
