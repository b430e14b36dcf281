// The locks of git's that may be in the way of a working tree's move: who holds one, and when it was made. It removes
// none.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/file.hpp"

namespace syncmanager::git {

/// The kernel's clock for files is late by one of these at most.
inline constexpr std::chrono::milliseconds clock_tick(10);

/// When the file, or the symbolic link itself, was made; where its file system does not know, when it was last written,
/// which is never earlier. Nothing where there is none.
std::optional<FileTime> made_at(const std::filesystem::path& path);

/// Files of the worktree's git folder by their names there (`index.lock`); some are the common git folder's.
std::vector<std::filesystem::path> git_paths(const Environment& environment, const std::filesystem::path& folder,
                                             const std::vector<std::string>& names);

/// Whether a process of this computer that we may look at has the file open, or is a git that works in the worktree
/// `folder` or in the folder of the file: git closes an index.lock before it gives it up.
bool held(const std::filesystem::path& lock, const std::filesystem::path& folder);

/// Waits until nobody holds the lock, or until it is gone. False where it is held still.
bool wait_for_holder(const std::filesystem::path& lock, const std::filesystem::path& folder,
                     std::chrono::milliseconds longest);

}  // namespace syncmanager::git
