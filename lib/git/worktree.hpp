// Working trees, moved by the `git` program, so that sparse checkouts, filters, submodules, line endings and the user's
// hooks work as they do by hand. Nothing of the user's is ever discarded.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "model/oid.hpp"

namespace syncmanager::git {

enum class TreeMoved {
  yes,
  dirty,   ///< local changes or untracked files are in the way: `files`
  stale,   ///< another branch is checked out there by now, or the branch moved
  locked,  ///< somebody else held the index all the time: git has begun nothing; its words are in `message`
  failed,  ///< git's own words are in `message`; it may have begun
};

struct TreeResult {
  TreeMoved moved = TreeMoved::failed;
  std::vector<std::string> files;
  std::string message;
};

/// Moves `branch`, checked out in the worktree `folder`, from `from` forward to `to`; without `from` the branch is not
/// born yet, and its tree is filled. A held index.lock is waited for, briefly.
TreeResult fast_forward_tree(const Environment& environment, const std::filesystem::path& folder,
                             const std::string& branch, const std::optional<Oid>& from, const Oid& to);

/// Moves `branch`, checked out in the worktree `folder`, from `from` to any other commit. What the user has changed
/// stays changed and staged; where it meets what would move, nothing moves. Rescue `from` first.
TreeResult replace_tree(const Environment& environment, const std::filesystem::path& folder, const std::string& branch,
                        const Oid& from, const Oid& to);

/// What of the user's would be in the way of such a move: changed, staged, untracked or ignored files. A dry run asks.
std::vector<std::string> local_files_in_the_way(const Environment& environment, const std::filesystem::path& folder,
                                                const Oid& from, const Oid& to);

/// Those of these files that stash() would leave where they are: those in another repository, and folders that hold
/// one.
std::vector<std::string> unstashable(const std::filesystem::path& folder, const std::vector<std::string>& files);

/// Puts the local changes of these files, untracked and ignored ones as well, into a new stash of git's. Throws
/// Error(failed); then the files are as they were.
void stash(const Environment& environment, const std::filesystem::path& folder, const std::vector<std::string>& files,
           const std::string& message);

/// The files that git's refusal to overwrite names; pure.
///   error: Your local changes to the following files would be overwritten by merge:
///   <tab>notes.txt
std::vector<std::string> files_in_the_way(std::string_view git_errors);

}  // namespace syncmanager::git
