// Whether a server is still worth asking, as all lanes to it know it: one project's broken line must not end the next
// one's work, but who waits for a dead server once for each project waits for hours.
#pragma once

#include <mutex>
#include <optional>

#include "base/error.hpp"

namespace syncmanager::sync {

/// Any thread.
class Outage {
 public:
  /// A project could not be served. `connected`: there was a connection, and it broke or fell silent.
  void note(const Error& error, bool connected);
  /// Throws what ended the last attempts, where there is no point in another one.
  void check() const;

 private:
  mutable std::mutex mutex_;
  std::optional<Error> error_;
  int losses_ = 0;
};

}  // namespace syncmanager::sync
