// Which branch or tag has a commit in its history, for many commits at once: one walk for them all.
#pragma once

#include <map>
#include <set>
#include <string>

#include "git/repository.hpp"

namespace syncmanager::git {

struct Holder {
  std::string name;  ///< of a branch or a tag, full
  Oid tip;           ///< where it stood
};

/// For each of these commits a branch or a tag that contains it, as far as that is found soon: the walk ends at commits
/// that are older than all of these, and after very many. Who finds none here may have one all the same. The holder may
/// have moved when this returns. Throws Error(failed).
std::map<Oid, Holder> holders_of(const Repository& repository, const std::set<Oid>& commits);

}  // namespace syncmanager::git
