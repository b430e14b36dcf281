// The decisions of one step for all branches of a project, made before any of them is carried out: only together they
// show that a run would delete too much.
#pragma once

#include <string>
#include <vector>

#include "model/plan.hpp"
#include "sync/workspace.hpp"

namespace syncmanager::sync {

struct Decided {
  std::string name;
  BranchFacts facts;
  Action action;
};

/// Decides for these branches; deletions stand first, since a name may have to be free for another one. A branch that
/// can't be read is reported, and left out.
std::vector<Decided> decide_all(Workspace& work, Verb verb, const std::vector<std::string>& names);

/// Turns the deletions into refusals where they are too many for the side that they would be made on, which has these
/// branches.
void refuse_mass_deletion(const Project& project, const git::RefMap& side, std::vector<Decided>& all);

}  // namespace syncmanager::sync
