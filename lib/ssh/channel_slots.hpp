// How many channels may be open on one ssh master at a time, for all threads that use it: we stay below sshd's
// MaxSessions, and learn what it is where it is low.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "base/interrupt.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::ssh {

// sshd frees a channel's slot only when it has reaped the command: it is asked again.
constexpr std::chrono::milliseconds slot_pause(5);
constexpr std::chrono::milliseconds slot_patience(3000);

/// Any thread.
class ChannelSlots {
 public:
  /// Waits for a free place and takes it. A caller that has `own` channels open waits not for ever, since the others
  /// may be waiting for it: after a while it gets a place all the same. Throws Error(interrupted).
  void take(std::size_t own, const Interrupt* interrupt);
  /// The server has opened the channel.
  void opened();
  /// The server refuses one more than are open by now: from now on there are no more at a time.
  void refused();
  /// Gives the place back. `opened`: whether the server had opened the channel.
  void give_back(bool opened) noexcept;

  /// How many are open at the server, as far as we know.
  [[nodiscard]] std::size_t open() const;
  /// How many may be.
  [[nodiscard]] std::size_t limit() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t limit_ = most_channels;
  std::size_t taken_ = 0;
  std::size_t open_ = 0;
};

}  // namespace syncmanager::ssh
