#include "git/tree_status.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

/// git-status(1), "Short Format": both letters together tell an unmerged path.
bool is_conflict(std::string_view letters) {
  constexpr std::array<std::string_view, 7> unmerged = {"DD", "AU", "UD", "UA", "DU", "AA", "UU"};
  return std::ranges::find(unmerged, letters) != unmerged.end();
}

void count(std::string_view letters, TreeChanges& changes) {
  if (letters == "!!") return;
  if (letters == "??") {
    ++changes.untracked;
  } else if (is_conflict(letters)) {
    ++changes.conflicts;
  } else {
    if (letters[0] != ' ') ++changes.staged;
    if (letters[1] != ' ') ++changes.changed;
  }
}

}  // namespace

TreeChanges count_changes(std::string_view status) {
  TreeChanges changes;
  while (!status.empty()) {
    const std::string_view entry = status.substr(0, status.find('\0'));
    if (entry.size() > 3 && entry[2] == ' ') count(entry.substr(0, 2), changes);
    status.remove_prefix(std::min(entry.size() + 1, status.size()));
  }
  return changes;
}

/// A rename counts as what it is made of, so that each path has one entry.
///   git -C /home/j/notes --no-optional-locks status --porcelain=v1 -z --no-renames
TreeSeen tree_changes(const Environment& environment, const std::filesystem::path& folder) {
  std::error_code unseen;
  if (!std::filesystem::exists(folder / ".git", unseen)) return {.changes = {}, .trouble = "its file .git is missing"};
  const Finished git =
      run_git(environment, folder, {"--no-optional-locks", "status", "--porcelain=v1", "-z", "--no-renames"});
  if (!git.ok()) return {.changes = {}, .trouble = std::string(trim(git.err))};
  return {.changes = count_changes(git.out), .trouble = {}};
}

}  // namespace syncmanager::git
