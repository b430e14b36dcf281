// Between our Oid and libgit2's, which in this version holds SHA-1 only.
#pragma once

#include <git2.h>

#include "model/oid.hpp"

namespace syncmanager::git {

Oid from_git(const git_oid& oid);

/// Throws Error(failed) for a SHA-256 id.
git_oid to_git(const Oid& oid);

}  // namespace syncmanager::git
