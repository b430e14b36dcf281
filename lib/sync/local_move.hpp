// One change of a local branch that a pull has decided: the ref, and the working tree of the worktree that holds it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sync/workspace.hpp"

namespace syncmanager::sync {

struct LocalMove {
  std::string name;
  BranchFacts facts;
  Done action = Done::none;  ///< create, fast_forward, merge, remove, replace or rebase
  std::optional<Oid> to;     ///< nothing: the branch goes
};

/// Makes the move, from where `facts` saw the branch, or tells why not. What the branch would lose is rescued first,
/// and nothing of a working tree is ever lost: what is in the way stays, or goes into a stash under --force. In a dry
/// run only the view changes. Throws Error(failed | locked).
BranchOutcome apply(Workspace& work, const LocalMove& move);

/// The outcome where the move could not be made as things are; nothing where it could. Nothing is touched. `objects` is
/// a folder that has the commit. Throws Error(failed).
std::optional<BranchOutcome> foresee_refusal(Workspace& work, const LocalMove& move,
                                             const std::filesystem::path& objects);

}  // namespace syncmanager::sync
