// Brings a repository in order after a run that was killed: of a working tree git may have left half, and of refs the
// locks.
#pragma once

#include <chrono>
#include <string>

#include "base/environment.hpp"
#include "base/file_lock.hpp"
#include "git/repository.hpp"

namespace syncmanager::sync {

/// Removes the locks and unfinished files that an owner of the repository's `lock` has left that died. Then finishes or
/// takes back each move of a working tree that the last run had begun, where that was killed, and notes its end. What
/// was done, in words; empty where there was nothing to do. A git that is still at work there is waited for.
/// Throws Error(locked) where it, or a lock, is in the way: then the next run looks again.
std::string recover(const Environment& environment, const git::Repository& repository, FileLock& lock,
                    std::chrono::milliseconds patience);

}  // namespace syncmanager::sync
