// What commits tell: what a branch has in its history that another tip has not. Reads commits only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "git/repository.hpp"
#include "model/outcome.hpp"

namespace syncmanager::git {

/// The e-mail address that git signs this user's commits with in the repository (user.email); empty where none is set.
std::string own_email(const Repository& repository);

/// Whether every commit that leads to `lost`, but not to `kept`, was committed with this address. Both are here.
/// Throws Error(failed).
bool all_committed_by(const Repository& repository, const std::string& email, const Oid& lost, const Oid& kept);

/// The newest commits that lead to `tip` and not to `other`, at most `most`; both are here. `side` is where they are.
/// Throws Error(failed).
std::vector<CommitNote> newest_commits(const Repository& repository, const Oid& tip, const Oid& other, std::size_t most,
                                       Side side);

/// The first line of the commit's message; empty where it can't be read, or is none.
std::string subject(const Repository& repository, const Oid& commit);

}  // namespace syncmanager::git
