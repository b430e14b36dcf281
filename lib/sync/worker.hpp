// The worker that syncs in the background what hooks have put into the queue: one for each user, in a process of its
// own. It waits for quiet, syncs, drops what the servers have confirmed, and comes back to the rest.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "model/outcome.hpp"
#include "model/progress.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

/// The conf files as they are now.
struct KnownProjects {
  std::vector<Project> projects;  ///< those of this environment
  std::vector<Project> all;       ///< and of all others
  bool complete = true;           ///< false where a conf file has errors: a project may lack
};

/// What the worker needs of those who start it; called from its thread.
struct WorkerHost {
  std::function<KnownProjects()> projects;
  /// One run is over.
  std::function<void(const RunReport& report)> finished;
  /// A problem that people should know of, and have not been told of yet. Whether they could be told.
  std::function<bool(const std::string& project, const Complaint& complaint)> notify;
  Progress* progress = nullptr;          ///< borrowed
  const Interrupt* interrupt = nullptr;  ///< borrowed; null: nothing ends it early
};

/// Works until nothing is left that will be due by itself; at once where another worker is at it. Throws
/// Error(interrupted | failed).
SYNCMANAGER_API void work_off_queue(const WorkerHost& host, const Environment& environment);

}  // namespace syncmanager::sync
