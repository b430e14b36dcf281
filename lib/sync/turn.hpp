// One project's way through a run.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/file_lock.hpp"
#include "git/listing.hpp"
#include "git/repository.hpp"
#include "model/outcome.hpp"
#include "sync/job.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

/// A project's place in the run: where its outcome belongs. Borrowed.
struct Slot {
  const Project* project = nullptr;
  ProjectOutcome* outcome = nullptr;
  std::string ssh_command;  ///< what git's settings have in place of `ssh`; empty: nothing
};

/// Whether it is no git project.
bool is_folder(const Slot& slot);

/// Belongs to one thread at a time.
struct Turn {
  Slot slot;
  std::string path;  ///< the repository on the server, as the other side's git gets it
  std::optional<FileLock> lock;
  std::optional<git::Repository> repository;  ///< as it was when it was locked, until it has been looked at
  std::optional<View> here;                   ///< read ahead of the listing
  std::optional<git::Listing> listing;        ///< of a project that is only pushed: nothing, the push itself shall ask
  std::chrono::steady_clock::time_point listed;
  bool done = false;
  std::chrono::steady_clock::duration busy{};
};

/// Turns of one server. They stay where they are, since several threads work on them.
using Turns = std::vector<Turn>;

/// Runs one step of a project that is not done. What it throws ends the project and nothing else: it becomes the
/// outcome. A project that is done gives its lock back.
void attempt(const Job& job, Turn& turn, const std::function<void()>& step) noexcept;

/// Reads what the project has here, before the server's answer is there. Returns how many refs it holds now for that.
/// Throws Error.
std::size_t look_ahead(Turn& turn);

/// Whether branches lack in it that both sides had when they last met. What it reads for that is there for
/// is_at_rest(). Throws Error.
bool lacks_known_branches(Turn& turn, const git::Listing& listing);

/// Whether the project is at rest if the server has this; then its outcome says so. What was read ahead is good for one
/// answer, and read anew for later ones. Throws Error.
bool is_at_rest(Turn& turn, const git::Listing& listing);

}  // namespace syncmanager::sync
