// One project's way through a run.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "git/listing.hpp"
#include "model/outcome.hpp"
#include "sync/job.hpp"

namespace syncmanager::sync {

/// A project's place in the run: where its outcome belongs. Borrowed.
struct Slot {
  const Project* project = nullptr;
  ProjectOutcome* outcome = nullptr;
  std::string ssh_command;  ///< what git's settings have in place of `ssh`; empty: nothing
};

/// Belongs to one thread at a time.
struct Turn {
  Slot slot;
  std::string path;  ///< the repository on the server, as the other side's git gets it
  std::optional<FileLock> lock;
  std::optional<git::Listing> listing;
  std::chrono::steady_clock::time_point listed;
  bool done = false;
  std::chrono::steady_clock::duration busy{};
};

/// Turns of one server. They stay where they are, since several threads work on them.
using Turns = std::vector<Turn>;

/// Runs one step of a project. What it throws ends the project and nothing else: it becomes the outcome. A project that
/// is done gives its lock back.
void attempt(const Job& job, Turn& turn, const std::function<void()>& step) noexcept;

}  // namespace syncmanager::sync
