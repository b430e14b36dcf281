// The way to one server, and the first connection on it, which is made on a thread of its own: there is enough to do
// here while the server thinks about the login.
#pragma once

#include <future>
#include <memory>

#include "base/environment.hpp"
#include "model/progress.hpp"
#include "ssh/channel.hpp"
#include "ssh/server.hpp"
#include "sync/runner.hpp"
#include "sync/server_group.hpp"

namespace syncmanager::sync {

struct Approach {
  std::shared_ptr<ssh::Server> server;
  /// What Server::connect() returns or throws. Not valid where it has not been begun: whoever needs it connects then.
  std::future<std::unique_ptr<ssh::Connection>> first;
};

/// Begins to connect, where the group has git projects that need it. `progress` and what `request` borrows outlive the
/// result.
Approach approach(const ServerGroup& group, const Request& request, const Environment& environment, Progress& progress);

/// With an agent that answers, where a server is to be reached by ssh. One that hangs may only use up a part of the
/// time for a connection, unless there is somebody who can answer it.
Environment with_agent(const Environment& environment, const Request& request, const std::vector<Slot>& slots,
                       Progress& progress);

}  // namespace syncmanager::sync
