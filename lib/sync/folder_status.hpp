// How a folder project stands, from what is on this computer.
#pragma once

#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "model/status.hpp"

namespace syncmanager::sync {

/// Looks whether the root is here and was synced before; not at the files, which only a run compares. Throws Error.
void look_at_folder(const Project& project, const Environment& environment, ProjectOutcome& outcome,
                    ProjectStatus& status);

}  // namespace syncmanager::sync
