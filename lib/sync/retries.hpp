// Trying again what the network spoiled: few times, with growing pauses.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/error.hpp"
#include "base/interrupt.hpp"

namespace syncmanager::sync {

class Retries {
 public:
  /// `interrupt` ends the pauses; borrowed, null: none.
  explicit Retries(const Interrupt* interrupt) : interrupt_(interrupt) {}

  /// Whether to try once more; pauses before it says yes. Throws Error(interrupted).
  bool again();

 private:
  const Interrupt* interrupt_;
  std::size_t made_ = 0;
};

}  // namespace syncmanager::sync
