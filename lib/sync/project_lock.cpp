#include "sync/project_lock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string_view>

#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::string own_mark() {
  return fmt::format("process {} ", getpid());
}

}  // namespace

std::optional<FileLock> lock_project(const Environment& environment, const fs::path& folder, milliseconds wait,
                                     const Interrupt* interrupt) {
  const fs::path path = lock_path(environment, folder);
  make_private_folder(path.parent_path());
  const std::string owner = fmt::format("{}since {:%Y-%m-%d %H:%M:%S} UTC, for {}", own_mark(),
                                        fmt::gmtime(std::time(nullptr)), folder.string());
  // Between two owners, and at the beginning of one, nobody's name stands there for a moment.
  constexpr int most_nameless = 10;
  constexpr milliseconds moment(20);
  for (int nameless = 0;;) {
    auto lock = FileLock::acquire(path, owner, nameless == 0 ? wait : std::min(wait, moment), interrupt);
    if (lock || wait.count() == 0) return lock;
    const std::string holder = FileLock::owner(path);
    nameless = holder.empty() ? nameless + 1 : 0;
    const bool may_be_ours = holder.starts_with(own_mark()) || (nameless > 0 && nameless < most_nameless);
    if (!may_be_ours) return lock;
  }
}

Error locked_by_another(const Environment& environment, const fs::path& folder) {
  const std::string owner = FileLock::owner(lock_path(environment, folder));  // empty for a moment, at its beginning
  return {ErrorKind::locked, "another run works on it" + (owner.empty() ? "" : ": " + owner),
          "try again when it has ended"};
}

}  // namespace syncmanager::sync
