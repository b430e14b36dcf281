// Brings a repository in order after a run that was killed, which its journal tells: refs are moved whole or not at
// all, but of a working tree git may have left half.
#pragma once

#include <chrono>
#include <string>

#include "base/environment.hpp"
#include "git/repository.hpp"

namespace syncmanager::sync {

/// Finishes or takes back each move of a working tree that the last run had begun, where that was killed, and notes its
/// end. What was done, in words; empty where there was nothing to do. A git that is still at work there is waited for.
/// Throws Error(locked) where it, or a lock, is in the way: then the next run looks again. The caller holds the
/// repository's lock.
std::string recover(const Environment& environment, const git::Repository& repository,
                    std::chrono::milliseconds patience);

}  // namespace syncmanager::sync
