// One lock for each repository, whatever path led there, and for each folder of another client: held from the first
// look to the last word, so that two runs never move the same refs or files.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file_lock.hpp"

namespace syncmanager::sync {

/// Nothing where another run holds the lock after `wait`. A lock that another thread of this process holds is waited
/// for without end: it is released when that project is done. `folder` is the repository's common
/// git folder, or the folder of files; it need not exist yet.
/// Throws Error(failed) where the lock's file can't be made, and Error(interrupted).
std::optional<FileLock> lock_project(const Environment& environment, const std::filesystem::path& folder,
                                     std::chrono::milliseconds wait, const Interrupt* interrupt = nullptr);

/// The error for a lock that was not to be had; it names who holds it.
Error locked_by_another(const Environment& environment, const std::filesystem::path& folder);

}  // namespace syncmanager::sync
