// One folder project in a run, when both sides have been looked at: what its client is given to work with.
#pragma once

#include <functional>
#include <future>
#include <string>
#include <vector>

#include "base/file_lock.hpp"
#include "base/utc.hpp"
#include "folder/copy.hpp"
#include "folder/root.hpp"
#include "model/folder_plan.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "sync/explain_folder.hpp"
#include "sync/job.hpp"

namespace syncmanager::sync {

/// What only Unison's projects have.
struct UnisonFacts {
  std::string profile;        ///< its text
  std::string program;        ///< what runs on the server
  std::string version_here;   ///< what they print when they are asked for it
  std::string version_there;  ///< empty: there is no such program
};

/// Borrowed references, which outlive it. One thread.
struct FolderWork {
  const Job& job;
  const Project& project;
  FolderPolicy policy;
  FolderPlan plan;
  folder::Seen here;
  folder::Seen there;
  folder::CopySetup setup;
  UnisonFacts unison;
  bool straight = false;  ///< nobody has looked at the other side: a guard does, and the program runs at once
  bool ran = false;       ///< the guard has let it
  std::future<std::vector<std::string>> repositories;  ///< those inside, looked for beside the copying; or invalid
  /// Makes the root over there ready. Throws Error.
  std::function<void(const folder::Preparation&)> prepare_there;
  std::function<Time()> new_time;  ///< now, and never the same twice in a run
  FileLock& lock;
  ProjectOutcome& outcome;
};

/// When the run began, as state files and names of backups have it.
Time started(const Job& job);

/// Adds the words to the outcome, unless they are empty. A project that has failed stays so.
void tell(ProjectOutcome& outcome, const FolderWords& words);

/// What this operation may do with the project.
FolderPolicy folder_policy(const Project& project, const Request& request);

/// Copies by rsync: a pull, a push, or one after the other; what became of the files goes into the outcome. Throws
/// Error. False where a guard kept it from anything.
bool sync_by_rsync(FolderWork& work);

/// The same by Unison, which does both at once.
bool sync_by_unison(FolderWork& work);

/// Takes what a program has come to into the outcome; throws what ends the project, with `act` in front of the words.
void take_result(FolderWork& work, const std::string& act, folder::CopyResult&& result);

}  // namespace syncmanager::sync
