// Connections that are made before the run that needs them: the worker logs in while it waits for quiet, and so has
// nothing left to do then but to push.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/environment.hpp"
#include "git/library.hpp"
#include "model/progress.hpp"
#include "sync/approach.hpp"
#include "sync/server_group.hpp"

namespace syncmanager::sync {

/// One thread. Its end waits for logins that are under way.
class HeadStart {
 public:
  /// Begins to connect to the servers of the request's projects, and does not wait for that. Never throws for what a
  /// server does: the run hears of it. `progress` and what `request` borrows outlive this.
  void begin(const Request& request, const Environment& environment, Progress& progress);

  /// As sync::with_agent(), but one that was found, or waited for in vain, by begin() is the run's too.
  Environment with_agent(const Environment& environment, const Request& request, const std::vector<Slot>& slots,
                         Progress& progress) const;

  /// What was begun for this server goes over to the caller; else it begins now.
  Approach take(const ServerGroup& group, const Request& request, const Environment& environment, Progress& progress);

 private:
  const git::Library library_;  ///< begins and ends libssh2 as well, which must not be while threads log in by it
  std::optional<Environment> with_agent_;
  std::map<ServerKey, Approach> begun_;
};

}  // namespace syncmanager::sync
