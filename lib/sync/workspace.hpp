// What the steps of one git project work on: the repository, both sides as they were last seen, and what became of
// each branch so far. Plain data that one thread hands from step to step.
#pragma once

#include <string>
#include <vector>

#include "base/file_lock.hpp"
#include "git/remote.hpp"
#include "git/repository.hpp"
#include "git/rescue.hpp"
#include "model/plan.hpp"
#include "model/project.hpp"
#include "sync/branch_report.hpp"
#include "sync/clone.hpp"
#include "sync/explain.hpp"
#include "sync/job.hpp"
#include "sync/journal.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

struct Workspace {
  const Job& job;
  const Project& project;
  git::Repository& repository;  ///< where objects are looked for and fetched to; in a dry run a scratch one
  const git::Repository& here;  ///< the project's own, also in a dry run
  git::Remote& remote;
  Journal* journal;  ///< null where nothing is changed that could be taken back: in a dry run, and in a clone
  View view;
  BranchReport branches;
  BranchReport tags;
  std::string server_words;
  std::vector<std::string> new_branches;  ///< made by this run, on this side or on the other; still without upstreams
  FileLock* lock = nullptr;               ///< the repository's, null where the journal is
  NewClone* clone = nullptr;  ///< which `repository` becomes, and which waits for the looks through its history
  git::Rescuer rescuer = git::Rescuer(repository);
};

/// Reads this computer's side again. The server's side stays as it is.
void look_here(Workspace& work);

/// Brings the objects that deciding and acting need, and the server's side up to date with them.
void fetch_missing(Workspace& work, Verb verb);

Policy policy_of(const Project& project, Verb verb, bool force);
Policy policy_of(const Workspace& work, Verb verb);

/// An outcome that waits for a person, with the reason in words and the command that solves it.
BranchOutcome refusal(const Project& project, const git::Worktrees& worktrees, const git::Repository& repository,
                      const std::string& branch, Reason reason, const BranchFacts& facts);
BranchOutcome refusal(const Workspace& work, const std::string& branch, Reason reason, const BranchFacts& facts);

/// Tells the run's progress how far a transfer of this project is, and ends it where a person interrupts.
git::OnTransfer on_transfer(const Workspace& work);

}  // namespace syncmanager::sync
