// A request to stop, for all threads of a run: a person has pressed Ctrl-C. Whoever waits in poll(2) adds fd() to what
// it waits for; whoever computes asks requested() now and then.
#pragma once

#include "base/file.hpp"

namespace syncmanager {

/// Any thread. Outlives everybody who waits for it. Once requested it stays so.
class SYNCMANAGER_API Interrupt {
 public:
  Interrupt();  ///< Throws Error(failed) where there are no descriptors left.
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Safe in a signal handler.
  void request() const noexcept;
  [[nodiscard]] bool requested() const noexcept;
  /// Readable once it is requested, for ever.
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  Fd fd_;
};

/// Throws Error(interrupted) where it is requested; null never is.
void stop_if(const Interrupt* interrupt);

/// The descriptor to add to a poll(2) set; -1, which poll passes over, where there is nothing to wait for.
inline int fd_of(const Interrupt* interrupt) {
  return interrupt == nullptr ? -1 : interrupt->fd();
}

}  // namespace syncmanager
