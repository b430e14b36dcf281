#include "git/paths.hpp"

#include <cctype>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

/// As verify_path() of git's read-cache.c, and stricter: NTFS takes `.git.` and `.git::$INDEX_ALLOCATION` for `.git`,
/// and HFS+ passes over some characters that are not ASCII.
bool is_sound_name(std::string_view name) {
  if (name.empty() || name == "." || name == "..") return false;
  std::string plain;
  for (const char c : name.substr(0, name.find(':'))) {
    if (static_cast<unsigned char>(c) < 0x80) plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  plain.erase(plain.find_last_not_of(". ") + 1);
  return plain != ".git" && plain != "git~1";
}

}  // namespace

std::vector<std::string> words_of(const Environment& environment, const std::filesystem::path& folder,
                                  const std::vector<std::string>& arguments) {
  const Finished git = run_git(environment, folder, arguments);
  if (!git.ok()) {
    throw Error(ErrorKind::failed,
                "git " + arguments.front() + " in " + folder.string() + ": " + std::string(trim(git.err)));
  }
  return split(git.out, std::string_view("\0", 1));
}

Paths paths_of(const Environment& environment, const std::filesystem::path& folder,
               const std::vector<std::string>& arguments) {
  Paths paths;
  for (std::string& path : words_of(environment, folder, arguments)) {
    if (path.ends_with('/')) path.pop_back();
    paths.insert(std::move(path));
  }
  return paths;
}

bool is_in_tree(std::string_view path) {
  if (path.empty()) return false;
  while (true) {
    const auto end = path.find_first_of("/\\");  // the latter separates on Windows
    if (!is_sound_name(path.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
}

}  // namespace syncmanager::git
