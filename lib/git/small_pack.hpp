// The objects of a small push, packed in this process by libgit2: git takes longer to start than such a push takes.
// Looks at a few commits and what they changed, and at nothing else.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace syncmanager::git {

struct SmallPack {
  std::string bytes;
  std::size_t objects = 0;
};

/// A pack with all that `wanted` lead to and `there` do not. Nothing where that is more than a few commits and files,
/// or where more would have to be looked at to know: then it is up to git. Throws Error(failed).
std::optional<SmallPack> small_pack(const Repository& repository, const std::vector<Oid>& wanted,
                                    const std::vector<Oid>& there);

}  // namespace syncmanager::git
