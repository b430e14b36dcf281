// What a run of sync-now would do with each branch of a project, and how it stands: by the same rules, but without a
// question to the server. Changes nothing.
#pragma once

#include <vector>

#include "git/refs.hpp"
#include "git/repository.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "model/status.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

/// In the same order.
struct Forecast {
  std::vector<BranchOutcome> outcomes;
  std::vector<BranchStatus> branches;
};

/// The server as it was last seen: what the remote-tracking refs tell. Tags have none, and count as being there.
git::Listing last_seen(const git::LocalRefs& refs);

/// A branch that can't be read becomes a failed one. Throws Error.
Forecast forecast(const Project& project, const View& view, const git::Repository& repository);

}  // namespace syncmanager::sync
