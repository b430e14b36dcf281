// What a move of a branch would take from its history. Reads commits only.
#pragma once

#include <string>

#include "git/repository.hpp"

namespace syncmanager::git {

/// The e-mail address that git signs this user's commits with in the repository (user.email); empty where none is set.
std::string own_email(const Repository& repository);

/// Whether every commit that leads to `lost`, but not to `kept`, was committed with this address. Both are here.
/// Throws Error(failed).
bool all_committed_by(const Repository& repository, const std::string& email, const Oid& lost, const Oid& kept);

}  // namespace syncmanager::git
