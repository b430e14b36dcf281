// What `git ls-remote --symref` prints: HEAD's branch, and the refs with their ids. Pure.
//   ref: refs/heads/main<tab>HEAD
//   8f0c…<tab>HEAD
//   8f0c…<tab>refs/heads/main
#pragma once

#include <string_view>

#include "git/listing.hpp"

namespace syncmanager::git {

/// The branches, tags and parked refs of it. Other refs are passed over, since ls-remote's patterns also match the ends
/// of names. Throws Error(failed) for a line that is none of these: to take a branch for absent would be the worst of
/// mistakes.
Listing parse_ls_remote(std::string_view output);

}  // namespace syncmanager::git
