// The repository on the server before the steps of a project: what it has, as git itself tells it.
#pragma once

#include <string>

#include "git/listing.hpp"
#include "git/remote.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "sync/job.hpp"

namespace syncmanager::sync {

/// `listing`, once git has been asked where that is uncertain. A repository that lacks is made where the project and
/// the operation allow it, with `head` for its default branch, which `outcome` tells; a dry run only tells. Throws
/// Error(failed) where there is none, where it can't be read, and where it is one that can't be synced.
git::Listing settled(const Job& job, const Project& project, git::Remote& remote, git::Listing listing,
                     const std::string& head, ProjectOutcome& outcome);

}  // namespace syncmanager::sync
