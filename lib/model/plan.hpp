// The rules: what is to be done with one branch, from its facts alone. Pure; every row of the rules' table is a test.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "model/facts.hpp"
#include "model/project.hpp"

namespace syncmanager {

/// Which way the changes of one decision may flow: pull changes this computer only, push the server only.
/// sync-now decides a pull, and then a push with what the pull left.
enum class Verb { pull, push };

struct Policy {
  Verb verb = Verb::pull;
  Diverged diverged = Diverged::report;
  Deletions deletions = Deletions::propagate;
  Rewrites rewrites = Rewrites::own;
  bool park = true;
  bool force = false;  ///< decides what would otherwise wait for a person, in favour of the side that `verb` reads
};

/// Why a branch, or a tag, needs more than a plain move.
enum class Reason {
  diverged,       ///< both sides have commits that the other lacks
  rewritten,      ///< one side was amended or rebased
  rewound,        ///< one side went back in its history
  deleted,        ///< one side deleted what the other still has, or has moved
  mass_deletion,  ///< a run would delete more than half of a side's branches
  conflict,       ///< the two sides don't merge by themselves
  checked_out,    ///< a worktree holds the branch that would be deleted
  protected_ref,  ///< the server's default branch would be deleted
  busy,           ///< a rebase, merge, bisect or the like is under way on it
  dirty,          ///< local changes are in the way
  stale,          ///< it moved while we looked
  rejected,       ///< the server said no
  name_clash,     ///< another branch's name is in the way (`x` and `x/y`)
  alias,          ///< the local branch is another name of a branch, and would move that
  bad_name,       ///< git makes no branch of this name
  tag_moved,      ///< the tag differs; tags never move
  published,      ///< others may have fetched what would be taken back
};

struct Nothing {};

/// Gone on both sides.
struct ForgetBase {};

/// On `side`, at the other side's tip.
struct Create {
  Side side;
};

/// `side`, to the other side's tip.
struct FastForward {
  Side side;
};

/// On `side`, after a rescue.
struct Delete {
  Side side;
  Reason why;
};

/// `side` by the other side's tip, after a rescue.
struct Replace {
  Side side;
  Reason why;
};

/// Merges or rebases the local branch with the server's.
struct Integrate {
  Diverged how;
};

/// Keeps the local tip safe on the server under refs/sync/.
struct Park {
  Reason why;
};

/// Leaves everything as it is and tells a person.
struct Refuse {
  Reason why;
};

using Action = std::variant<Nothing, ForgetBase, Create, FastForward, Delete, Replace, Integrate, Park, Refuse>;

/// The order of the rules: equal; rewound; who contains whom; then the rest.
Action decide(const BranchFacts& facts, const Policy& policy);

/// Whether so many deletions on a side that has so many branches are more than a person is likely to mean: more than
/// three, and more than half of them.
bool is_mass_deletion(std::size_t deletions, std::size_t branches);

/// New tags travel; a tag that differs is refused; a deletion does not travel.
Action decide(const TagFacts& facts, const Policy& policy);

/// As reports write it: `checked-out`.
std::string_view to_string(Reason reason);

}  // namespace syncmanager
