#include "sync/project_lock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <string_view>

#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

std::string own_mark() {
  return fmt::format("process {} ", getpid());
}

}  // namespace

std::optional<FileLock> lock_project(const Environment& environment, const fs::path& folder,
                                     std::chrono::milliseconds wait, const Interrupt* interrupt) {
  const fs::path path = lock_path(environment, folder);
  make_private_folder(path.parent_path());
  const std::string owner = fmt::format("{}since {:%Y-%m-%d %H:%M:%S} UTC, for {}", own_mark(),
                                        fmt::gmtime(std::time(nullptr)), folder.string());
  for (;;) {
    auto lock = FileLock::acquire(path, owner, wait, interrupt);
    if (lock || wait.count() == 0 || !FileLock::owner(path).starts_with(own_mark())) return lock;
  }
}

Error locked_by_another(const Environment& environment, const fs::path& folder) {
  const std::string owner = FileLock::owner(lock_path(environment, folder));  // empty for a moment, at its beginning
  return {ErrorKind::locked, "another run works on it" + (owner.empty() ? "" : ": " + owner),
          "try again when it has ended"};
}

}  // namespace syncmanager::sync
