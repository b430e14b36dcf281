// Which projects of a run lead to the same server, by the same ssh settings: they share its connections.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "sync/turn.hpp"

namespace syncmanager::sync {

/// Never empty.
using ServerGroup = std::vector<Slot>;

/// What tells one server from another: the server, the ssh_config, and git's ssh command.
using ServerKey = std::array<std::string, 3>;

ServerKey key_of(const ServerGroup& group);

/// `outcome` is borrowed, and may be null where nothing will come of it. Reads git's settings.
Slot slot_for(const Project& project, ProjectOutcome* outcome, const Environment& environment);

/// Those of this computer's own disk, which share no connection, are spread over the jobs (at least 1).
std::vector<ServerGroup> group_by_server(const std::vector<Slot>& slots, unsigned jobs);

}  // namespace syncmanager::sync
