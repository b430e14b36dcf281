// Takes back what the last run did on this computer, as the journals tell it: branches and the working trees that hold
// them go back to where they were. What a run did on a server others may have fetched by now: it is told, with the
// command that would put it back.
#pragma once

#include "base/api.hpp"
#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "sync/local_request.hpp"

namespace syncmanager::sync {

/// The newest run that changed something in one of the projects and was not taken back yet; in all of them in which it
/// did, and with all remotes of theirs. A branch that has moved since stays, and so does one in whose way the user has
/// local changes. An interrupt ends it between two branches; the next time it goes on there. Fills all of the report
/// but `tool` and `errors`; a project of which nothing is taken back, or that is not cloned, is left as it is.
SYNCMANAGER_API RunReport undo(const LocalRequest& request, const Environment& environment);

}  // namespace syncmanager::sync
