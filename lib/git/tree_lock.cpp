#include "git/tree_lock.hpp"

#include <string_view>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

/// Where a symbolic link of /proc leads; empty where the process is gone, or another user's.
fs::path link_of(const fs::path& link) {
  std::error_code none;
  return fs::read_symlink(link, none);
}

/// Processes end while their folders in /proc are read.
template <class Condition>
bool any_in(const fs::path& folder, const Condition& condition) {
  std::error_code gone;
  for (fs::directory_iterator entry(folder, gone); !gone && entry != fs::directory_iterator(); entry.increment(gone)) {
    if (condition(entry->path())) return true;
  }
  return false;
}

bool has_open(const fs::path& process, const fs::path& file) {
  return any_in(process / "fd", [&](const fs::path& descriptor) { return link_of(descriptor) == file; });
}

bool is_git(const fs::path& process) {
  return link_of(process / "exe").filename().string().starts_with("git");
}

}  // namespace

std::optional<FileTime> made_at(const fs::path& path) {
  struct statx status {};
  if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME | STATX_MTIME, &status) != 0) return std::nullopt;
  const statx_timestamp& time = (status.stx_mask & STATX_BTIME) != 0 ? status.stx_btime : status.stx_mtime;
  return FileTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

/// git rev-parse --git-path index.lock --git-path HEAD.lock
std::vector<fs::path> git_paths(const Environment& environment, const fs::path& folder,
                                const std::vector<std::string>& names) {
  std::vector<std::string> arguments = {"rev-parse"};
  for (const std::string& name : names) arguments.insert(arguments.end(), {"--git-path", name});
  const Finished git = run_git(environment, folder, arguments);
  std::vector<fs::path> paths;
  for (const std::string_view line : lines_of(git.out)) paths.push_back(folder / line);
  if (git.ok() && paths.size() == names.size()) return paths;
  throw Error(ErrorKind::failed, "git rev-parse in " + folder.string() + ": " + std::string(trim(git.err)));
}

bool held(const fs::path& lock, const fs::path& folder) {
  if (link_of("/proc/self/exe").empty()) return true;  // nobody can tell
  std::error_code none;
  const fs::path file = fs::weakly_canonical(lock, none);
  const fs::path tree = fs::weakly_canonical(folder, none);
  return any_in("/proc", [&](const fs::path& process) {
    if (!parse_number(process.filename().string(), 1'000'000'000)) return false;
    if (has_open(process, file)) return true;
    if (!is_git(process)) return false;
    const fs::path place = link_of(process / "cwd");
    return place == tree || place == file.parent_path();
  });
}

bool wait_for_holder(const fs::path& lock, const fs::path& folder, std::chrono::milliseconds longest) {
  constexpr std::chrono::milliseconds pause(50);
  const Deadline deadline = Deadline::after(longest);
  while (made_at(lock) && held(lock, folder)) {
    if (deadline.expired()) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

}  // namespace syncmanager::git
