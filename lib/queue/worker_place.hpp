// The one worker that a user has: whether it runs, and how it is started.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/api.hpp"

namespace syncmanager::queue {

/// Held by the worker for as long as it works.
SYNCMANAGER_API std::filesystem::path worker_lock(const std::filesystem::path& state_folder);

/// Whether somebody holds the worker's lock. Who has added a token just before, and finds it held, can go: the worker
/// looks at the queue once more after it has let go of the lock.
bool is_working(const std::filesystem::path& state_folder);

/// What a worker inherits of a hook's variables: none by which git ties its children to a repository or to what it is
/// doing there, but those by which a user tells git how to reach servers. Pure.
std::vector<std::string> worker_environment(const char* const* environment);

/// Starts the program in a session of its own, in /, with /dev/null for its standard streams and no other descriptor,
/// and does not wait for it. False, and why in errno, where that can't be done.
bool start_detached(const std::filesystem::path& program, const std::vector<std::string>& environment);

/// Starts the worker where none runs. Throws Error(failed).
SYNCMANAGER_API void wake_worker(const std::filesystem::path& program, const std::filesystem::path& state_folder,
                                 const char* const* environment);

}  // namespace syncmanager::queue
