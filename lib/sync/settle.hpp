// The queue after a run: what its servers have confirmed need not wait any more.
#pragma once

#include <vector>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "queue/queue.hpp"
#include "sync/queue_plan.hpp"
#include "sync/runner.hpp"

namespace syncmanager::sync {

/// Looks at the disk for each; those that are not cloned are in none. `projects` is borrowed.
ProjectsByFolder projects_by_folder(const std::vector<Project>& projects);

/// For a person's run: drops what waited `before` it, and is confirmed by its report for all of `projects`, which are
/// all of this computer, whether or not they took part. Whether anything is left. Throws Error(failed).
SYNCMANAGER_API bool settle_queue(const std::vector<queue::Entry>& before, const std::vector<Project>& projects,
                                  Operation operation, const RunReport& report, const Environment& environment);

}  // namespace syncmanager::sync
