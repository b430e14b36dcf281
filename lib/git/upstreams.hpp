// The upstreams of many branches at once: git's configuration is one file, which is written anew for each setting.
#pragma once

#include <set>
#include <string>

#include "git/repository.hpp"

namespace syncmanager::git {

/// Gives each branch the branch of the same name on `remote` as its upstream, unless it has one; what is in the
/// repository's own configuration stays as it is, byte for byte. Holds git's lock on it (config.lock), and waits for
/// it, briefly. Throws Error(failed | locked).
void set_upstreams(Repository& repository, const std::string& remote, const std::set<std::string>& branches);

/// The section that git itself would write for the upstream of a branch; pure.
std::string upstream_section(const std::string& remote, const std::string& branch);

}  // namespace syncmanager::git
