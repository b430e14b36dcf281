// Logging in: which keys are offered in which order, and what it means when none is accepted.
#pragma once

#include "ssh/session_options.hpp"
#include "ssh/transport.hpp"

namespace syncmanager::ssh {

/// Logs in on a transport whose host key has been checked: the agent's keys first, those of the identity files among
/// them before the others, then the files. Each key is offered once, and few enough for sshd's MaxAuthTries. Only where
/// no key was accepted and ssh could not do more either is the server asked whether it wants a proof at all.
/// Throws Error(auth), Error(offline) or Unsupported.
void log_in(Transport& transport, const SessionOptions& options);

}  // namespace syncmanager::ssh
