// A point in time after which waiting is given up. Monotonic, so that a clock that is set does not matter.
#pragma once

#include <algorithm>
#include <chrono>

namespace syncmanager {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static Deadline after(std::chrono::milliseconds wait) { return Deadline(Clock::now() + wait); }

  /// The point in time at which one of so many equal parts of what is left now is over.
  [[nodiscard]] Deadline part(int parts) const {
    const Clock::time_point now = Clock::now();
    return Deadline(now + std::max(at_ - now, Clock::duration::zero()) / parts);
  }
  [[nodiscard]] Deadline later(Clock::duration by) const { return Deadline(at_ + by); }

  [[nodiscard]] bool expired() const { return Clock::now() >= at_; }

  /// What is left, rounded up to a whole millisecond and never negative: the argument that poll(2) takes.
  [[nodiscard]] int poll_timeout() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000));
  }

 private:
  explicit Deadline(Clock::time_point at) : at_(at) {}
  Clock::time_point at_;
};

}  // namespace syncmanager
