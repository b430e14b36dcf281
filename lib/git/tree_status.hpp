// What is uncommitted in a working tree, counted by the `git` program, so that filters, sparse checkouts and submodules
// count as they do by hand. Writes nothing, not even git's index.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/environment.hpp"
#include "model/status.hpp"

namespace syncmanager::git {

/// Untracked files are looked for as far as the user's configuration wants them (status.showUntrackedFiles).
/// Throws Error(failed).
TreeChanges tree_changes(const Environment& environment, const std::filesystem::path& folder);

/// Counts what `git status --porcelain=v1 -z --no-renames` prints; pure:
///   M  staged.txt<NUL> M changed.txt<NUL>?? new/<NUL>UU both.txt<NUL>
TreeChanges count_changes(std::string_view status);

}  // namespace syncmanager::git
