// How a run tells that it is alive. An interface: printing lives in `ui`, tests record.
#pragma once

#include <cstdint>
#include <string>

#include "model/outcome.hpp"

namespace syncmanager {

/// A transfer as far as it has come. `total_objects` is 0 until it is known. When all objects have come, those that
/// came as deltas are put together, and `total_deltas` tells how many they are; until then it is 0.
struct Transfer {
  enum class What { objects, files };
  What what = What::objects;  ///< for files, `objects` counts them, and there are no deltas
  bool sending = false;
  std::uint64_t objects = 0;
  std::uint64_t total_objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t deltas = 0;
  std::uint64_t total_deltas = 0;
};

/// Called from any of the run's threads; implementations guard themselves. Must not throw.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A project's turn will come: its server is being reached or asked, or others are at work.
  virtual void queued(const std::string& project) noexcept = 0;
  /// Its turn begins, unless the server's answer was that there is nothing to do.
  virtual void started(const std::string& project) noexcept = 0;
  virtual void transferred(const std::string& project, const Transfer& transfer) noexcept = 0;
  virtual void finished(const ProjectOutcome& project) noexcept = 0;
  /// Something for `-v`: which way to a server was chosen and why.
  virtual void note(const std::string& line) noexcept = 0;
};

}  // namespace syncmanager
