#include "git/stale_files.hpp"

#include <string>
#include <string_view>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "git/tree_lock.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

bool is_own_file(const fs::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid();
}

/// Files appear and go while a folder is read.
template <class Iterator, class Matches>
void collect(const fs::path& folder, const Matches& matches, std::vector<fs::path>& found) {
  std::error_code gone;
  for (Iterator entry(folder, gone); !gone && entry != Iterator(); entry.increment(gone)) {
    if (matches(entry->path().filename().string())) found.push_back(entry->path());
  }
}

bool is_lock(std::string_view name) {
  return name.ends_with(".lock");
}

/// libgit2's, in objects/ and objects/pack/; git gc knows only those of git itself.
bool is_unfinished_object(std::string_view name) {
  return name.starts_with("pack_git2_") || name.starts_with("tmp_object_git2_");
}

bool is_unfinished_record(std::string_view name) {
  return name.find(".tmp-") != std::string_view::npos;
}

std::vector<fs::path> candidates(const fs::path& git_folder) {
  std::vector<fs::path> found;
  for (const char* const name : {"packed-refs", "config", "HEAD", "ORIG_HEAD"}) {
    found.push_back(git_folder / (std::string(name) + ".lock"));
  }
  collect<fs::recursive_directory_iterator>(git_folder / "refs", is_lock, found);
  for (const char* const folder : {"objects", "objects/pack"}) {
    collect<fs::directory_iterator>(git_folder / folder, is_unfinished_object, found);
  }
  collect<fs::directory_iterator>(git_folder / "syncmanager", is_unfinished_record, found);
  return found;
}

}  // namespace

std::vector<fs::path> remove_stale_files(const fs::path& git_folder, const fs::path& work_folder, FileTime since) {
  std::vector<fs::path> removed;
  for (fs::path& path : candidates(git_folder)) {
    const bool stale =
        is_own_file(path) && made_at(path) >= since - clock_tick && !held(path, git_folder) && !held(path, work_folder);
    if (!stale) continue;
    std::error_code trouble;
    fs::remove(path, trouble);
    if (trouble) throw Error(ErrorKind::failed, "remove " + path.string() + ": " + trouble.message());
    removed.push_back(std::move(path));
  }
  return removed;
}

}  // namespace syncmanager::git
