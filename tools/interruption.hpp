// Ctrl-C, and a termination asked for in other ways, as a request to the run: it ends early, and tells what it did.
#pragma once

#include <atomic>
#include <thread>

#include "base/file.hpp"
#include "base/interrupt.hpp"

namespace syncmanager::tools {

/// Made in main's thread before there are others. The first SIGINT, SIGTERM or SIGHUP requests interrupt(); a second
/// one ends the process at once, as it does without this.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  [[nodiscard]] const Interrupt& interrupt() const { return interrupt_; }

  /// Where a signal came, ends the process by it, as whoever sent it expects; a shell's loop then ends, too. Else
  /// returns `code`.
  int exit_code(int code) const;

 private:
  void watch();

  Fd signals_;
  const Interrupt interrupt_;
  const Interrupt over_;
  std::atomic<int> signal_ = 0;
  std::thread watcher_;  ///< last: it uses all the others
};

}  // namespace syncmanager::tools
