#include "git/worktrees.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/file.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

/// The branch that a file such as HEAD or rebase-merge/head-name names, or nothing.
std::optional<std::string> branch_in(const fs::path& file) {
  const auto content = read_file(file);
  if (!content) return std::nullopt;
  std::string_view text = trim(*content);
  constexpr std::string_view symbolic = "ref: ";
  const std::string_view heads = heads_prefix;
  if (text.starts_with(symbolic)) text.remove_prefix(symbolic.size());
  if (!text.starts_with(heads)) return std::nullopt;
  return std::string(text.substr(heads.size()));
}

bool present(const fs::path& path) {
  std::error_code ignored;  // what can't be looked at is not there for us
  return fs::exists(path, ignored);
}

/// The states that belong to whatever HEAD names.
void read_states_of_head(const fs::path& folder, const std::string& branch, Worktrees& worktrees) {
  constexpr std::array<std::pair<const char*, const char*>, 5> states = {{{"MERGE_HEAD", "merge"},
                                                                          {"CHERRY_PICK_HEAD", "cherry-pick"},
                                                                          {"REVERT_HEAD", "revert"},
                                                                          {"sequencer", "cherry-pick or revert"},
                                                                          {"rebase-apply/applying", "am"}}};
  for (const auto& [file, word] : states) {
    if (present(folder / file)) worktrees.busy.emplace(branch, word);
  }
}

/// rebase --update-refs lists the other branches that it will move: three lines each, the first is the ref.
void read_updated_refs(const fs::path& file, Worktrees& worktrees) {
  const auto content = read_file(file);
  if (!content) return;
  const std::string_view heads = heads_prefix;
  for (const std::string_view line : lines_of(*content)) {
    if (line.starts_with(heads)) worktrees.busy.emplace(line.substr(heads.size()), "rebase");
  }
}

/// BISECT_START holds the branch without refs/heads/, or an object id.
void read_bisect(const fs::path& file, Worktrees& worktrees) {
  if (const auto content = read_file(file)) worktrees.busy.emplace(trim(*content), "bisect");
}

/// `folder` is the worktree's own git folder, `work_folder` where its files are; empty: bare.
void read_worktree(const fs::path& folder, const fs::path& work_folder, Worktrees& worktrees) {
  const auto head = branch_in(folder / "HEAD");
  if (head && !work_folder.empty()) {
    worktrees.checked_out.emplace(*head, work_folder);
    read_states_of_head(folder, *head, worktrees);
  }
  for (const char* file : {"rebase-merge/head-name", "rebase-apply/head-name"}) {
    if (const auto branch = branch_in(folder / file)) worktrees.busy.emplace(*branch, "rebase");
  }
  read_updated_refs(folder / "rebase-merge" / "update-refs", worktrees);
  read_bisect(folder / "BISECT_START", worktrees);
}

}  // namespace

Worktrees read_worktrees(const fs::path& git_folder, const fs::path& work_folder) {
  Worktrees worktrees;
  read_worktree(git_folder, work_folder, worktrees);
  std::error_code none;  // most repositories have no linked worktrees, and no such folder
  for (const fs::directory_entry& entry : fs::directory_iterator(git_folder / "worktrees", none)) {
    const auto pointer = read_file(entry.path() / "gitdir");
    if (!pointer) continue;
    // A worktree whose folder is away holds its branch all the same, as in git: it may be on a disk that comes back.
    read_worktree(entry.path(), fs::path(trim(*pointer)).parent_path(), worktrees);
  }
  return worktrees;
}

}  // namespace syncmanager::git
