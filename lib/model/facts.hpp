// What is known of one branch or tag before anything is decided. Plain data, gathered by `git`, judged by `plan`.
#pragma once

#include <optional>
#include <string>

#include "model/oid.hpp"

namespace syncmanager {

enum class Side { local, server };

/// How one commit stands to another in history.
enum class Relation {
  same,
  before,     ///< the first is an ancestor of the second
  after,      ///< the second is an ancestor of the first
  unrelated,  ///< neither contains the other
};

/// The three tips of one branch name. A relation means something only where both of its tips exist.
struct BranchFacts {
  std::optional<Oid> base;  ///< what both sides had when they last agreed; none also where it is unknown to git by now
  std::optional<Oid> local;
  std::optional<Oid> server;
  Relation local_to_base = Relation::same;
  Relation server_to_base = Relation::same;
  Relation local_to_server = Relation::same;
  bool checked_out = false;     ///< in any worktree
  bool busy = false;            ///< part of a rebase, merge, cherry-pick, revert, am or bisect, in any worktree
  bool server_default = false;  ///< the server's HEAD
  std::string alias_of;         ///< the full ref that the local branch stands for; empty: it is one of its own
  bool own_commits = false;     ///< every commit that the server would lose by a rewrite was committed by this user
};

struct TagFacts {
  std::optional<Oid> local;
  std::optional<Oid> server;
};

}  // namespace syncmanager
