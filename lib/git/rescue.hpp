// Refs that keep what another ref is about to lose: refs/sync/rescue/<UTC time>[-N]/<name>, on this computer only. N
// counts where one second saw several of one name.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace syncmanager::git {

/// Keeps `commit` under a rescue ref for `name`, unless a branch or tag of `refs` contains it, or such a ref is there.
/// Before, not after, the ref that holds it moves. Throws Error(failed | locked); then the other ref must stay.
void rescue(Repository& repository, const LocalRefs& refs, const std::string& name, const Oid& commit,
            std::chrono::system_clock::time_point now);

struct Rescued {
  std::string ref;   ///< full
  std::string name;  ///< of what lost it: `main`, or `origin/main` for a remote-tracking ref
  std::chrono::system_clock::time_point since;
  Oid tip;
};

/// The rescue refs, the oldest first.
std::vector<Rescued> rescued(const Repository& repository);

/// Deletes the rescue refs that are older than three months.
void expire_rescued(Repository& repository, std::chrono::system_clock::time_point now);

}  // namespace syncmanager::git
