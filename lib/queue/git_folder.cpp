#include "queue/git_folder.hpp"

#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace syncmanager::queue {

namespace {

namespace fs = std::filesystem;

/// The first line of a small file; empty where there is none.
std::string line_of(const fs::path& file) {
  try {
    return std::string(trim(read_file(file).value_or("")));
  } catch (const Error&) {
    return {};  // a folder, or not to be read: whoever needs it finds no repository
  }
}

bool is_git_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "HEAD", ignored) && fs::is_directory(folder / "objects", ignored) &&
         fs::is_directory(folder / "refs", ignored);
}

/// What `.git` in this folder is, or leads to; empty where there is none.
fs::path git_folder_in(const fs::path& folder) {
  const fs::path here = folder / ".git";
  std::error_code ignored;
  if (fs::is_directory(here, ignored)) return is_git_folder(here) ? here : fs::path();
  // gitdir: /home/jane/notes/.git/worktrees/topic
  constexpr std::string_view leads_to = "gitdir:";
  const std::string line = line_of(here);
  if (!line.starts_with(leads_to)) return {};
  return folder / trim(std::string_view(line).substr(leads_to.size()));
}

/// Empty where the folder itself is neither a working tree's nor a repository.
fs::path git_folder_here(const fs::path& folder) {
  fs::path found = git_folder_in(folder);
  return found.empty() && is_git_folder(folder) ? folder : found;
}

fs::path git_folder_above(fs::path folder) {
  while (true) {
    if (fs::path found = git_folder_here(folder); !found.empty()) return found;
    if (!folder.has_relative_path()) return {};
    folder = folder.parent_path();
  }
}

std::optional<fs::path> common_of(const fs::path& git_folder) {
  if (git_folder.empty()) return std::nullopt;
  std::error_code problem;
  const fs::path common = fs::canonical(git_folder / line_of(git_folder / "commondir"), problem);
  if (problem) return std::nullopt;
  // Without its slash at the end, which an empty second part leaves.
  return common.has_filename() ? common : common.parent_path();
}

}  // namespace

std::optional<fs::path> common_git_folder(const fs::path& folder, const std::string& git_dir) {
  return common_of(git_dir.empty() ? git_folder_above(folder) : folder / git_dir);
}

std::optional<fs::path> git_folder_of(const fs::path& folder) {
  return common_of(git_folder_here(folder));
}

}  // namespace syncmanager::queue
