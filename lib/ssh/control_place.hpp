// Where a control socket of ours may be: a name of its own in a folder that nobody else can enter.
#pragma once

#include <filesystem>
#include <string>

#include "base/environment.hpp"

namespace syncmanager::ssh {

/// Removes what is left there when it goes.
class ControlPlace {
 public:
  /// In the user's runtime folder, else in the state folder, else in a new folder among the temporary ones: the path is
  /// short enough for a socket, and has nothing in it that ssh would expand. Throws Error(failed).
  explicit ControlPlace(const Environment& environment);
  ControlPlace(const ControlPlace&) = delete;
  ControlPlace& operator=(const ControlPlace&) = delete;
  ~ControlPlace();

  [[nodiscard]] const std::string& socket() const { return socket_; }

 private:
  std::string socket_;
  std::filesystem::path folder_;  // of this socket alone; empty: others have theirs there too
};

}  // namespace syncmanager::ssh
