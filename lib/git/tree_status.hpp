// What is uncommitted in a working tree, counted by the `git` program, so that filters, sparse checkouts and submodules
// count as they do by hand. Writes nothing, not even git's index.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "model/status.hpp"

namespace syncmanager::git {

struct TreeSeen {
  std::optional<TreeChanges> changes;
  std::string trouble;  ///< git's words where it can't read the tree
};

/// Untracked files are looked for as far as the user's configuration wants them (status.showUntrackedFiles). A folder
/// that is no working tree itself is not looked at, even where it lies in one. Throws as run_git().
TreeSeen tree_changes(const Environment& environment, const std::filesystem::path& folder);

/// Counts what `git status --porcelain=v1 -z --no-renames` prints; pure:
///   M  staged.txt<NUL> M changed.txt<NUL>?? new/<NUL>UU both.txt<NUL>
TreeChanges count_changes(std::string_view status);

}  // namespace syncmanager::git
