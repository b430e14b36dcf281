// Deletes a branch on this computer. The server's goes with the next push, and those of all other computers when they
// pull: the base record tells them.
#pragma once

#include <string>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "sync/local_request.hpp"

namespace syncmanager::sync {

/// Deletes it in the repositories of these projects, as `git branch -D` does; its commits are kept under a rescue ref,
/// and sync-undo brings it back, in all of them as one run. One that is checked out, that git is busy with, or that is
/// the server's default branch, stays. Where the server's will not go, the outcome says why. A project that has no such
/// branch has failed. Fills all of the report but `tool` and `errors`.
SYNCMANAGER_API RunReport delete_branch(const LocalRequest& request, const std::string& branch,
                                        const Environment& environment);

}  // namespace syncmanager::sync
