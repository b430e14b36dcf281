// The push step of one project: this computer's branches and tags to the server. Never moves a local branch or a
// working tree.
#pragma once

#include "sync/workspace.hpp"

namespace syncmanager::sync {

/// Decides for every branch and tag, sends what may go in one push, and reads the server's answer ref by ref.
/// Throws Error where nothing could be sent at all.
void push(Workspace& work);

}  // namespace syncmanager::sync
