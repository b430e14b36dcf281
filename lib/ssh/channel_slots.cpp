#include "ssh/channel_slots.hpp"

#include <algorithm>

#include "base/deadline.hpp"

namespace syncmanager::ssh {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_for_interrupt(100);

}  // namespace

void ChannelSlots::take(std::size_t own, const Interrupt* interrupt) {
  const Deadline deadline = Deadline::after(slot_patience);
  std::unique_lock lock(mutex_);
  while (taken_ >= limit_ && (own == 0 || !deadline.expired())) {
    freed_.wait_for(lock, look_for_interrupt);
    stop_if(interrupt);
  }
  ++taken_;
}

void ChannelSlots::opened() {
  const std::lock_guard lock(mutex_);
  ++open_;
}

void ChannelSlots::refused() {
  const std::lock_guard lock(mutex_);
  limit_ = std::clamp<std::size_t>(open_, 1, limit_);
}

void ChannelSlots::give_back(bool opened) noexcept {
  {
    const std::lock_guard lock(mutex_);
    --taken_;
    if (opened) --open_;
  }
  freed_.notify_one();
}

std::size_t ChannelSlots::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

std::size_t ChannelSlots::limit() const {
  const std::lock_guard lock(mutex_);
  return limit_;
}

}  // namespace syncmanager::ssh
