// The names of the files in the state folder, in one place. A repository is told by its common git folder, so that all
// paths and worktrees that lead there share them.
#pragma once

#include <filesystem>
#include <string>

#include "base/environment.hpp"

namespace syncmanager::sync {

/// In the state folder rather than in $XDG_RUNTIME_DIR: a run from cron has no runtime folder, and must still exclude
/// one from the desktop. `git_folder` need not exist yet.
std::filesystem::path lock_path(const Environment& environment, const std::filesystem::path& git_folder);

/// What is remembered of a folder project: `other` is its other side.
std::filesystem::path folder_record_path(const Environment& environment, const std::filesystem::path& folder,
                                         const std::string& other);

/// What Unison is given for it, with the ending that it expects.
std::filesystem::path unison_profile_path(const Environment& environment, const std::filesystem::path& folder,
                                          const std::string& other);

std::filesystem::path journal_path(const Environment& environment, const std::filesystem::path& git_folder);

/// What the last run came to in each project, and the lock for those who change that.
std::filesystem::path last_runs_path(const Environment& environment);
std::filesystem::path last_runs_lock_path(const Environment& environment);

/// What came of the tries to work off the queue.
std::filesystem::path tries_path(const Environment& environment);

}  // namespace syncmanager::sync
