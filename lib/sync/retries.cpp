#include "sync/retries.hpp"

#include <array>

#include <poll.h>

namespace syncmanager::sync {

bool Retries::again() {
  using namespace std::chrono_literals;
  // A server that is being restarted, a line that was switched: who is away for longer is asked in the next run.
  constexpr std::array<std::chrono::milliseconds, 2> pauses = {200ms, 800ms};
  if (made_ == pauses.size()) return false;
  pollfd polled{fd_of(interrupt_), POLLIN, 0};
  poll(&polled, 1, static_cast<int>(pauses[made_].count()));
  stop_if(interrupt_);
  ++made_;
  return true;
}

}  // namespace syncmanager::sync
