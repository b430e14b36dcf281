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

/// A plain fast-forward, whatever the user's configuration makes of `git merge` otherwise. Ignored files are the
/// user's, too.
Finished merge_fast_forward(const Environment& environment, const std::filesystem::path& folder, const Oid& to) {
  return run_git(environment, folder,
                 {"merge", "--ff-only", "--no-overwrite-ignore", "--no-autostash", "--no-squash", "--commit",
                  "--no-stat", "--no-progress", to.hex()});
}

TreeResult result_of(const Finished& merged) {
  TreeResult result{.moved = TreeMoved::failed, .files = files_in_the_way(merged.err), .message = merged.err};
  if (!result.files.empty()) result.moved = TreeMoved::dirty;
  return result;
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
  using namespace std::chrono_literals;
  constexpr int attempts = 20;  // about two seconds
  TreeResult result;
  for (int i = 0; i < attempts; ++i) {
    if (i > 0) std::this_thread::sleep_for(100ms);
    // `git merge` moves whatever is checked out, and who held the index may have switched branches: look each time.
    if (!holds(environment, folder, branch, from)) return {.moved = TreeMoved::stale, .files = {}, .message = {}};
    const Finished merged = merge_fast_forward(environment, folder, to);
    if (merged.ok()) {
      const bool arrived = holds(environment, folder, branch, to);
      return {.moved = arrived ? TreeMoved::yes : TreeMoved::stale, .files = {}, .message = {}};
    }
    result = result_of(merged);
    if (!index_locked(merged)) break;
  }
  return result;
}

}  // namespace syncmanager::git
