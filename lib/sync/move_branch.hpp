// Moves one branch of this computer: the ref, and the working tree of the worktree that holds it. Nothing is lost: what
// the branch would lose is rescued first, and what of the user's is in the way of a tree stays, and the branch with it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "git/repository.hpp"
#include "git/rescue.hpp"
#include "model/plan.hpp"

namespace syncmanager::sync {

/// Borrowed. `refs` and `worktrees` are kept up to date.
struct Place {
  const Environment& environment;
  git::Repository& repository;
  git::LocalRefs& refs;
  git::Worktrees& worktrees;
  git::Rescuer& rescuer;
};

struct BranchMove {
  std::string name;
  std::optional<Oid> from;  ///< where it was seen; nothing: it is to be made
  std::optional<Oid> to;    ///< nothing: it is to be deleted
  bool forward = false;     ///< `to` contains `from`
  std::string log;          ///< for the reflog
};

/// What became of it.
struct Arrival {
  std::optional<Reason> reason;    ///< why it stayed; nothing where it moved, or git failed
  std::vector<std::string> files;  ///< what is in the way, for `dirty`
  std::filesystem::path away;      ///< the worktree that holds it, and that is not there now
  std::filesystem::path tree;      ///< the worktree that holds it
  std::string failure;             ///< git's words where it failed
  bool half_moved = false;         ///< git failed in the middle, and what it had done could not be taken back

  [[nodiscard]] bool arrived() const { return !reason && failure.empty(); }
};

/// What would become of it, as far as the worktrees tell; nothing is touched. `objects` is a folder of objects that the
/// repository need not have. Throws Error(failed).
Arrival preview_move(const Place& place, const BranchMove& move, const std::filesystem::path& objects);

/// The branch in `refs` as it is after the move.
void show_moved(git::LocalRefs& refs, const BranchMove& move);

/// Throws Error(failed | locked).
Arrival move_branch(const Place& place, const BranchMove& move);

}  // namespace syncmanager::sync
