// A fetch by libgit2: git's own protocol over a channel of our own connection.
#pragma once

#include <string>
#include <vector>

#include "git/remote.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

/// As Remote::fetch(), from the repository at `path`. What an empty repository gets, goes through `git index-pack`,
/// which is faster with much, and keeps nothing of a history with holes; all else through libgit2's indexer, which
/// needs no process. SIGPIPE must be ignored. Throws Error(offline | auth | failed | interrupted).
Fetched fetch(const LocalSide& side, ssh::Connection& connection, const std::string& path,
              const std::vector<std::string>& names, const OnTransfer& on_transfer);

}  // namespace syncmanager::git
