// Whether all objects are here that some commits and tags lead to. A commit that is here proves nothing: a server may
// have sent less than it should, and an earlier run may have got no further.
#pragma once

#include <vector>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "git/repository.hpp"

namespace syncmanager::git {

/// Looks at what `tips` lead to, as far as `known`, which are taken for complete, do not lead there too.
///   git -C FOLDER rev-list --objects --quiet --exclude-promisor-objects --ignore-missing --stdin
/// with the tips on its input. Throws as base/process.hpp's run().
bool is_complete(const Environment& environment, const Repository& repository, const std::vector<Oid>& tips,
                 const std::vector<Oid>& known, const Interrupt* interrupt);

}  // namespace syncmanager::git
