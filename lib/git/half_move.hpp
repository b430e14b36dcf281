// What a git that died while it moved a working tree has left there of its own. Looks only.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "git/paths.hpp"
#include "git/tree_lock.hpp"

namespace syncmanager::git {

/// One side of a path that differs between two trees.
struct TreeSide {
  std::string mode;  ///< as git writes it: `100644`
  std::string oid;
  [[nodiscard]] bool there() const { return mode != "000000"; }
  [[nodiscard]] bool is_link() const { return mode == "120000"; }
  [[nodiscard]] bool is_submodule() const { return mode == "160000"; }
};

struct TreeChange {
  std::string path;
  TreeSide before;
  TreeSide after;
};

/// `from` and `to` name trees or commits. Throws Error(failed).
std::vector<TreeChange> tree_changes(const Environment& environment, const std::filesystem::path& folder,
                                     const std::string& from, const std::string& to);

struct HalfMove {
  std::vector<std::string> made;      ///< files that git has made, or begun, and that the old tree has not
  std::vector<std::string> replaced;  ///< what the old tree has, and is gone, or new, or a new one's front part
  std::vector<std::string> users;     ///< neither old nor git's
  std::optional<FileTime> first;      ///< when the first of git's files that are there was made

  [[nodiscard]] bool empty() const { return made.empty() && replaced.empty(); }
};

/// What of these changes is half done in the worktree, whose index stands for the old tree but in the paths that the
/// user has `staged`, which are passed over. Only what was made since `begun` can be git's; and git writes one file
/// after the other, so that only the newest can be a front part. Compares through the tree's filters, as git does.
/// Each path must be one that is_in_tree(). Throws Error(failed).
HalfMove find_half_move(const Environment& environment, const std::filesystem::path& folder,
                        const std::vector<TreeChange>& changes, const Paths& staged, FileTime begun);

}  // namespace syncmanager::git
