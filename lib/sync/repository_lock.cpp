#include "sync/repository_lock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <string_view>

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

/// FNV-1a: the same on every run and machine. Two paths with one hash would only wait for each other.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return value;
}

/// In the state folder rather than in $XDG_RUNTIME_DIR: a run from cron has no runtime folder, and must still exclude
/// one from the desktop.
fs::path lock_path(const Environment& environment, const fs::path& git_folder) {
  const std::string identity = fs::weakly_canonical(git_folder).lexically_normal().string();
  return environment.state_folder() / "locks" / fmt::format("{:016x}.lock", hash(identity));
}

std::string own_mark() {
  return fmt::format("process {} ", getpid());
}

}  // namespace

std::optional<FileLock> lock_repository(const Environment& environment, const fs::path& git_folder,
                                        std::chrono::milliseconds wait) {
  const fs::path path = lock_path(environment, git_folder);
  make_private_folder(path.parent_path());
  const std::string owner = fmt::format("{}since {:%Y-%m-%d %H:%M:%S} UTC, for {}", own_mark(),
                                        fmt::gmtime(std::time(nullptr)), git_folder.string());
  for (;;) {
    auto lock = FileLock::acquire(path, owner, wait);
    if (lock || wait.count() == 0 || !FileLock::owner(path).starts_with(own_mark())) return lock;
  }
}

Error locked_by_another(const Environment& environment, const fs::path& git_folder) {
  const std::string owner =
      FileLock::owner(lock_path(environment, git_folder));  // empty for a moment, at its beginning
  return {ErrorKind::locked, "another run works on it" + (owner.empty() ? "" : ": " + owner),
          "try again when it has ended"};
}

}  // namespace syncmanager::sync
