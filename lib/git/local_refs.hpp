// The refs of a repository here, read through libgit2. Every function throws Error(failed | locked).
#pragma once

#include <filesystem>
#include <string>

#include <git2.h>

#include "git/refs.hpp"

namespace syncmanager::git {

struct LocalRefs {
  RefMap branches;  ///< an alias has the tip of what it stands for; one that stands for nothing is left out
  Aliases aliases;  ///< of the branches
  RefMap tags;
  RefMap tracking;            ///< refs/remotes/<remote>/*, without HEAD
  std::string tracking_head;  ///< the branch that refs/remotes/<remote>/HEAD names; empty where there is none
  RefMap parked;              ///< refs/sync/parked/<remote>/*: what this computer has parked there
  RefMap parking;             ///< refs/sync/parking/<remote>/*: what it was about to park when it was stopped

  /// The branch has moved, or come to be, and its aliases with it.
  void move_branch(const std::string& name, const Oid& to);
  /// The branch has gone, and its aliases stand for nothing.
  void remove_branch(const std::string& name);
};

/// Branches, tags, and what is remembered of this remote; again where git packs refs meanwhile. libgit2 passes over a
/// broken ref: who takes a missing name for a deletion asks Repository::absent() first.
LocalRefs read_local_refs(git_repository* repository, const std::filesystem::path& git_folder,
                          const std::string& remote);

/// Adds the refs below `prefix` (which ends with a slash) to `map`, without the prefix, but for symbolic ones.
void read_direct_refs(git_repository* repository, const std::string& prefix, RefMap& map);

/// The branch that the branch `name` stands for; empty where it is one of its own, or can't be read.
std::string aliased(git_repository* repository, const std::string& name);

/// Whether a ref of this (full) name can't be, because another one stands where it would need a folder, or below it.
bool has_clashing_ref(git_repository* repository, const std::string& name);

}  // namespace syncmanager::git
