// How projects stand without a question to their servers, as plain data: what sync-status tells beyond a run's report.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/utc.hpp"
#include "model/facts.hpp"
#include "model/outcome.hpp"

namespace syncmanager {

/// What the last run of sync-pull, sync-push or sync-now came to in a project.
struct LastRun {
  Time ended;
  std::string tool;
  Status status = Status::ok;
  std::string branch;   ///< the one that the message is about; empty: none
  std::string message;  ///< empty where all was well, and where a forecast tells anew what waits for a person
  std::string hint;
};

/// How a branch here stands to the server's, as it was last seen there.
enum class Standing {
  same,
  new_here,
  new_there,
  ahead,   ///< here are commits that the server lacks, and no others there
  behind,  ///< the other way round
  gone_here,
  gone_there,
  diverged,
  rewritten_here,
  rewritten_there,
  rewound_here,
  rewound_there,
};

/// Names what `decide` tells apart, in its order. Pure.
Standing standing_of(const BranchFacts& facts);

struct BranchStatus {
  std::string name;
  Standing standing = Standing::same;
  std::optional<std::size_t> ahead;   ///< commits that only this computer has; nothing where one side has no branch
  std::optional<std::size_t> behind;  ///< commits that only the server has
  std::string worktree;               ///< the folder that has it checked out; empty: none
  bool in_own_tree = false;           ///< that is the project's own folder
  std::string busy;                   ///< the word for what is unfinished on it; empty: nothing
};

/// What git status counts in a working tree. A file may be both staged and changed.
struct TreeChanges {
  std::size_t staged = 0;
  std::size_t changed = 0;    ///< tracked files that differ from the index
  std::size_t untracked = 0;  ///< a folder of nothing but untracked files counts as one
  std::size_t conflicts = 0;

  auto operator<=>(const TreeChanges&) const = default;
};

struct WorktreeStatus {
  std::string folder;
  bool own = false;    ///< it is the project's own folder
  std::string branch;  ///< empty: HEAD is detached
  bool unborn = false;
  std::string busy;
  std::optional<TreeChanges> changes;  ///< nothing where its folder is away, or git can't read it
  std::string message;                 ///< why git can't read it
  std::string hint;                    ///< empty where nothing is known to help
};

struct ParkedStatus {
  std::string branch;
  Oid tip;
};

struct RescuedStatus {
  std::chrono::system_clock::time_point since;
  std::string name;  ///< of what lost it
  Oid tip;
  std::string subject;
  std::string command;  ///< makes a branch of it
};

/// What a git hook has queued, and the servers have not confirmed yet.
struct QueuedStatus {
  std::string event;  ///< `commit`
  Time since;
  unsigned attempts = 0;
  std::optional<Time> next_try;  ///< nothing: at once where there were no attempts, else when something else happens
  std::string reason;            ///< why the attempts have failed; empty: there were none
};

enum class ProjectState {
  in_sync,
  pending,       ///< a run would move something
  attention,     ///< a person must decide
  never_synced,  ///< nothing is known of its server
  not_cloned,
  unreadable,
  synced,  ///< a folder that was synced; whether files have changed since then is not looked at
};

struct ProjectStatus {
  ProjectState state = ProjectState::in_sync;
  std::optional<LastRun> last_run;
  std::vector<BranchStatus> branches;     ///< in the order of the outcome's
  std::vector<WorktreeStatus> worktrees;  ///< the project's own first, then by folder
  std::size_t stashes = 0;
  std::vector<ParkedStatus> parked;
  std::vector<RescuedStatus> rescued;  ///< the oldest first
  std::vector<QueuedStatus> queued;    ///< the oldest first, one for each event
};

struct StatusReport {
  /// What a run of sync-now would do and leave, as far as it can be known: a dry run.
  RunReport run;
  std::vector<ProjectStatus> projects;  ///< in the order of the run's
};

std::string_view to_string(Standing standing);   ///< `new-here`
std::string_view to_string(ProjectState state);  ///< `in-sync`

}  // namespace syncmanager
