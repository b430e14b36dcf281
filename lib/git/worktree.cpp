#include "git/worktree.hpp"

#include <chrono>
#include <thread>

#include "base/text.hpp"
#include "git/git_command.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

namespace {

/// Whether HEAD of the worktree is this branch, at this tip; no tip: not born yet.
bool holds(const Environment& environment, const std::filesystem::path& folder, const std::string& branch,
           const std::optional<Oid>& tip) {
  const Finished name = run_git(environment, folder, {"symbolic-ref", "--quiet", "HEAD"});
  const Finished commit = run_git(environment, folder, {"rev-parse", "--quiet", "--verify", "HEAD"});
  return name.ok() && trim(name.out) == heads_prefix + branch && trim(commit.out) == (tip ? tip->hex() : "");
}

bool index_locked(const Finished& finished) {
  return !finished.ok() && finished.err.find("index.lock") != std::string::npos;
}

/// git merge --ff-only, tried again for about two seconds while somebody holds the index.
Finished merge_fast_forward(const Environment& environment, const std::filesystem::path& folder, const Oid& to) {
  using namespace std::chrono_literals;
  constexpr int attempts = 20;
  Finished finished;
  for (int i = 0; i < attempts; ++i) {
    if (i > 0) std::this_thread::sleep_for(100ms);
    finished = run_git(environment, folder, {"merge", "--ff-only", "--no-stat", "--no-progress", to.hex()});
    if (!index_locked(finished)) break;
  }
  return finished;
}

}  // namespace

std::vector<std::string> files_in_the_way(std::string_view git_errors) {
  std::vector<std::string> files;
  for (const std::string_view line : lines_of(git_errors)) {
    if (line.starts_with('\t')) files.emplace_back(line.substr(1));
  }
  return files;
}

TreeResult fast_forward_tree(const Environment& environment, const std::filesystem::path& folder,
                             const std::string& branch, const std::optional<Oid>& from, const Oid& to) {
  // `git merge` moves whatever is checked out: look once more right before it, and afterwards.
  if (!holds(environment, folder, branch, from)) return {.moved = TreeMoved::stale, .files = {}, .message = {}};
  const Finished merged = merge_fast_forward(environment, folder, to);
  if (!merged.ok()) {
    TreeResult result{.moved = TreeMoved::failed, .files = files_in_the_way(merged.err), .message = merged.err};
    if (!result.files.empty()) result.moved = TreeMoved::dirty;
    return result;
  }
  const bool arrived = holds(environment, folder, branch, to);
  return {.moved = arrived ? TreeMoved::yes : TreeMoved::stale, .files = {}, .message = {}};
}

}  // namespace syncmanager::git
