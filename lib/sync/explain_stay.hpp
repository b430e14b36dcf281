// Why a branch stays that sync-undo or sync-delete would have moved, in words for a person.
#pragma once

#include <string>

#include "model/project.hpp"
#include "sync/explain.hpp"
#include "sync/move_branch.hpp"

namespace syncmanager::sync {

/// `arrival` has not arrived, for a reason. `again` is the command to run when it is out of the way.
Explanation explain_stay(const Project& project, const Place& place, const BranchMove& move, const Arrival& arrival,
                         const std::string& again);

}  // namespace syncmanager::sync
