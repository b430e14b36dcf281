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

/// What is unfinished on whatever HEAD names; empty where nothing is.
std::string state_of_head(const fs::path& folder) {
  constexpr std::array<std::pair<const char*, const char*>, 5> states = {{{"MERGE_HEAD", "merge"},
                                                                          {"CHERRY_PICK_HEAD", "cherry-pick"},
                                                                          {"REVERT_HEAD", "revert"},
                                                                          {"sequencer", "cherry-pick or revert"},
                                                                          {"rebase-apply/applying", "am"}}};
  for (const auto& [file, word] : states) {
    if (present(folder / file)) return word;
  }
  return {};
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
  Worktrees own;
  const auto head = branch_in(folder / "HEAD");
  std::string state = work_folder.empty() ? "" : state_of_head(folder);
  if (head && !state.empty()) own.busy.emplace(*head, state);
  for (const char* file : {"rebase-merge/head-name", "rebase-apply/head-name"}) {
    if (const auto branch = branch_in(folder / file)) own.busy.emplace(*branch, "rebase");
  }
  read_updated_refs(folder / "rebase-merge" / "update-refs", own);
  read_bisect(folder / "BISECT_START", own);
  if (state.empty() && !own.busy.empty()) state = own.busy.begin()->second;
  worktrees.busy.merge(own.busy);
  if (work_folder.empty()) return;
  if (head) worktrees.checked_out.emplace(*head, work_folder);
  worktrees.all.push_back({.folder = work_folder, .branch = head.value_or(""), .busy = std::move(state)});
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
