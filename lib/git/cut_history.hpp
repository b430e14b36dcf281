// How commits stand to each other in a shallow clone. libgit2 looks for the parents of the first commits that are here,
// and fails; so their history is gone through commit by commit, as far as it is here.
#pragma once

#include <set>
#include <vector>

#include "git/repository.hpp"

namespace syncmanager::git {

/// Whether commits lack here that others have as parents.
bool is_cut(const Repository& repository);

/// `tip` and what leads to it, as far as it is here. Takes time and memory for each of them.
std::set<Oid> ancestors_here(const Repository& repository, const Oid& tip);

/// Those that lead to `tip`, but not to `other`, the newest first.
std::vector<Handle<git_commit>> commits_here(const Repository& repository, const Oid& tip, const Oid& other);

}  // namespace syncmanager::git
