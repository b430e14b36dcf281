// Sleeping until a token comes into the queue.
#pragma once

#include <chrono>
#include <filesystem>

#include "base/file.hpp"
#include "base/interrupt.hpp"

namespace syncmanager::queue {

/// Sees every token that comes after it is made: look at the queue after that, then wait. One thread.
class Watch {
 public:
  /// Makes the folder where it is missing. Throws Error(failed) where that can't be done.
  explicit Watch(const std::filesystem::path& folder);

  /// Until something comes into the folder, at the longest so long. Where the system can't tell what comes, it returns
  /// after a few seconds anyway. Throws Error(interrupted).
  void wait(std::chrono::milliseconds longest, const Interrupt* interrupt);

 private:
  Fd events_;
};

}  // namespace syncmanager::queue
