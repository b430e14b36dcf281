// The pull step of one project: the server's branches and tags to this computer. Never changes the server.
#pragma once

#include "sync/workspace.hpp"

namespace syncmanager::sync {

/// Fetches what is missing, keeps the remote-tracking refs, then decides and applies branch by branch: one that can't
/// move is reported and the others go on. A dry run only fetches objects, which no ref shows.
/// Throws Error where nothing more can be known or done.
void pull(Workspace& work);

}  // namespace syncmanager::sync
