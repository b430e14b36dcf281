// What git itself keeps to know a remote: its configuration, the remote-tracking refs and the branches' upstreams.
#pragma once

#include <string>

#include "sync/workspace.hpp"

namespace syncmanager::sync {

/// Makes the remote in the repository's configuration where it lacks; one that is there stays as it is.
void ensure_remote(Workspace& work);

/// Sets refs/remotes/<remote>/* to what the server has, as far as its objects are here, and prunes what it has no more.
/// What a tracking ref alone held is rescued first.
void track(Workspace& work);

/// Sets refs/remotes/<remote>/HEAD to the server's, where that branch is tracked.
void track_head(Workspace& work);

}  // namespace syncmanager::sync
