// One git project, from its server's listing to its outcome: pull, push, or both in turn; then the base record.
#pragma once

#include <optional>

#include "base/file_lock.hpp"
#include "git/listing.hpp"
#include "git/remote.hpp"
#include "git/repository.hpp"
#include "model/outcome.hpp"
#include "sync/job.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

/// What tells whether a project is at rest, as far as it is here: all but the server's side and the working trees.
/// Nothing where it can't be, since its remote is not set up. Throws Error.
std::optional<View> glance(const Project& project, const git::Repository& repository);

/// Whether the project is at rest: then `outcome` names every branch as unchanged, and nothing was touched.
/// The caller holds the repository's lock, and did so at the glance.
bool git_at_rest(const Project& project, const View& view, ProjectOutcome& outcome);

/// Makes both sides equal as far as the request and the project allow, and fills `outcome`. What moved while it was
/// looked at is looked at once more. `lock` is the repository's. Throws Error where the project can't go on; what was
/// done until then is done whole.
void sync_git(const Job& job, const Project& project, git::Remote& remote, git::Listing listing, FileLock& lock,
              ProjectOutcome& outcome);

}  // namespace syncmanager::sync
