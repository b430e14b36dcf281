// Which branches the worktrees of a repository hold, and which are part of something unfinished there. Reads git's own
// state files, as git-worktree(1) and gitrepository-layout(5) describe them; changes nothing.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace syncmanager::git {

struct Worktree {
  std::filesystem::path folder;  ///< of its files
  std::string branch;            ///< what HEAD names, which may be unborn; empty: HEAD is detached
  std::string busy;              ///< the word for what is unfinished there; empty: nothing
};

struct Worktrees {
  /// Branch (short name) to the folder of the worktree that has it checked out. In a bare repository its HEAD does not
  /// count.
  std::map<std::string, std::filesystem::path, std::less<>> checked_out;
  /// Branches that a rebase, merge, cherry-pick, revert, am or bisect is working on, with the word for it.
  std::map<std::string, std::string, std::less<>> busy;
  /// The main one first, which a bare repository has not.
  std::vector<Worktree> all;
};

/// `git_folder` is the common git folder; `work_folder` the main worktree, empty where the repository is bare.
Worktrees read_worktrees(const std::filesystem::path& git_folder, const std::filesystem::path& work_folder);

}  // namespace syncmanager::git
