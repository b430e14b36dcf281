// One lock for each repository, whatever path led there: held from the listing to the base record, so that two runs
// never move the same refs.
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
/// for without end: it is released when that project is done. `git_folder` need not exist yet.
/// Throws Error(failed) where the lock's file can't be made, and Error(interrupted).
std::optional<FileLock> lock_repository(const Environment& environment, const std::filesystem::path& git_folder,
                                        std::chrono::milliseconds wait, const Interrupt* interrupt = nullptr);

/// The error for a lock that was not to be had; it names who holds it.
Error locked_by_another(const Environment& environment, const std::filesystem::path& git_folder);

}  // namespace syncmanager::sync
