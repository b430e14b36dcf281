// How all projects stand, from what is on this computer: their repositories, and what the last runs came to. Makes no
// connection, takes no lock, and writes nothing.
#pragma once

#include <vector>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "model/status.hpp"

namespace syncmanager::sync {

/// Looks at up to `jobs` projects at a time, so that a large working tree holds up no others. One that can't be read is
/// a failed one, and the others go on. Fills all of the report but the run's `tool` and `errors`.
SYNCMANAGER_API StatusReport status(const std::vector<Project>& projects, unsigned jobs,
                                    const Environment& environment);

/// Has the projects of `report` tell what went wrong in `fetched`, a run over the same projects just before.
SYNCMANAGER_API void add_troubles(StatusReport& report, const RunReport& fetched);

/// What only a run finds out, and the last one left for a person, is told again: of a branch as long as a run would
/// come to it once more. Sets the status of the outcome, and the state that follows from both. Pure.
void conclude(ProjectOutcome& outcome, ProjectStatus& status);

}  // namespace syncmanager::sync
