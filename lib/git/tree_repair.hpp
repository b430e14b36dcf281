// Puts right what a dead git left of one move of a working tree. git writes the files first, then the index, then the
// branch: a move whose index is written is finished, any other is taken back. Only what git itself can have left in the
// paths that the move changes is touched: the new content, the front part of it, or a missing file. Everything else is
// the user's and stays.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "git/tree_lock.hpp"
#include "model/oid.hpp"

namespace syncmanager::git {

/// A move that was begun: of `branch`, which the worktree `folder` has checked out.
struct BegunMove {
  std::filesystem::path folder;
  std::string branch;
  std::optional<Oid> from;  ///< nothing: the branch was not born
  Oid to;
  FileTime begun;        ///< not before the run that began it
  bool certain = false;  ///< git has begun it; else it may have come to nothing before that
};

struct TreeRepair {
  enum class Kind {
    nothing,  ///< nothing was half done, or the branch has moved on
    finished,
    taken_back,
    held,    ///< somebody works there: `locks`
    locked,  ///< nobody seems to hold these `locks`, and it is not proven that the dead git made them
  };
  Kind kind = Kind::nothing;
  std::vector<std::string> left;  ///< for `taken_back`: files in the way of it that are the user's, sorted
  std::vector<std::filesystem::path> locks;
};

/// A lock that somebody holds is waited for. An index.lock that a dead git left is removed: one that is not older than
/// the move, that was there when each file of the half move was made, since whoever makes a lock keeps all others from
/// making one, and that nobody holds. A file that is gone tells nothing without it or a file that git has made: then it
/// is the user who has deleted it. Throws Error(failed).
TreeRepair repair_tree(const Environment& environment, const BegunMove& move, std::chrono::milliseconds patience);

}  // namespace syncmanager::git
