// A fetch by libgit2: git's own protocol over a channel of our own connection.
#pragma once

#include <string>
#include <vector>

#include "git/remote.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

/// Downloads the commits and tags that `names` (full refs) point to on the server, as far as they lack here, and
/// returns what the server has by now. Moves nothing. Throws Error(offline | auth | failed).
Listing fetch(Repository& repository, ssh::Connection& connection, const std::string& path,
              const std::vector<std::string>& names, const OnTransfer& on_transfer);

}  // namespace syncmanager::git
