// What a dead process has left in a repository: the files by which git and libgit2 lock refs and settings, and
// unfinished packs, objects and base records. Not the index.lock of a worktree, which belongs to a half moved tree
// (tree_repair).
#pragma once

#include <filesystem>
#include <vector>

#include "base/file.hpp"

namespace syncmanager::git {

/// Removes those of this (common) git folder that were made since `since`, belong to this user, and that nobody alive
/// holds. A lock protects whoever made it, and nothing of it is in the repository yet; so one without an owner alive
/// only keeps others out. For whoever holds the repository's lock, and knows that its owner since then has died.
/// `work_folder` is where a git may be at work, too. Returns what was removed. Throws Error(failed).
std::vector<std::filesystem::path> remove_stale_files(const std::filesystem::path& git_folder,
                                                      const std::filesystem::path& work_folder, FileTime since);

}  // namespace syncmanager::git
