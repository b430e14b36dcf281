// Threads that are welcome, but not necessary: what they would do can be done by others, or later.
#pragma once

#include <functional>
#include <system_error>
#include <thread>
#include <vector>

namespace syncmanager {

/// Has `work` done by one more of `threads`; false where no thread is to be had, by a limit of the user's or the
/// system's.
inline bool start(std::vector<std::jthread>& threads, const std::function<void()>& work) {
  try {
    threads.emplace_back(work);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace syncmanager
