// What remote.hpp promises, by libgit2: git's own protocol over a channel of our own connection.
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

/// Results in the order of `refs`. What the server prints is appended to `server_words`.
/// Throws Error(offline | auth | failed) where nothing at all could be pushed.
std::vector<PushResult> push(Repository& repository, ssh::Connection& connection, const std::string& path,
                             const std::vector<PushedRef>& refs, const OnTransfer& on_transfer,
                             std::string& server_words);

}  // namespace syncmanager::git
