// How much a push has to send, as far as it takes to choose who sends it.
#pragma once

#include <vector>

#include "git/remote.hpp"

namespace syncmanager::git {

/// Whether git sends these refs sooner than libgit2, which looks anew for deltas in all that it sends. Counts what the
/// commits bring that neither the server's refs of before nor a remote-tracking ref contains, and stops where it is
/// enough. Throws Error(failed).
bool is_big_push(const Repository& repository, const std::vector<PushedRef>& refs);

}  // namespace syncmanager::git
