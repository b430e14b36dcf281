#include "sync/workspace.hpp"

#include <filesystem>
#include <system_error>
#include <vector>

#include "git/complete.hpp"

namespace syncmanager::sync {

namespace {

/// The project as the commands for `branch` must see it: in another worktree that holds the branch they would act on
/// whatever the project's own folder has checked out.
Project where_it_is(const Workspace& work, const std::string& branch) {
  Project project = work.project;
  const auto worktree = work.view.worktrees.checked_out.find(branch);
  if (worktree == work.view.worktrees.checked_out.end()) return project;
  std::error_code ignored;
  // The same folder keeps the name that its owner gave it.
  if (!std::filesystem::equivalent(worktree->second, project.path, ignored)) project.path = worktree->second;
  return project;
}

}  // namespace

void look_here(Workspace& work) {
  work.view.local = work.repository.refs(work.project.remote);
  work.view.worktrees = work.repository.worktrees();
}

namespace {

/// No ref may come to stand on a history with holes, which no later fetch would mend.
void require_complete(Workspace& work) {
  const auto unproven = unproven_refs(work.view, work.repository, work.project);
  if (unproven.empty()) return;
  std::vector<std::string> names;
  std::vector<Oid> tips;
  for (const auto& [name, tip] : unproven) {
    names.push_back(name);
    tips.push_back(tip);
  }
  const bool complete =
      git::is_complete(work.job.environment, work.repository, tips, tips_here(work.view), work.job.request.interrupt);
  if (!complete) work.view.server = work.remote.fetch_whole(work.repository, names, on_transfer(work));
}

}  // namespace

void fetch_missing(Workspace& work, Verb verb) {
  // The server may move on between two looks; what it names in the end is here in the end.
  constexpr int attempts = 3;
  for (int i = 0; i < attempts; ++i) {
    const auto missing = missing_objects(work.view, work.repository, work.project, verb);
    if (missing.empty()) break;
    work.view.server = work.remote.fetch(work.repository, missing, on_transfer(work));
  }
  require_complete(work);
}

Policy policy_of(const Workspace& work, Verb verb) {
  return {.verb = verb,
          .diverged = work.project.diverged,
          .deletions = work.project.deletions,
          .rewrites = work.project.rewrites,
          .park = work.project.park,
          .force = work.job.request.force};
}

BranchOutcome refusal(const Workspace& work, const std::string& branch, Reason reason, const BranchFacts& facts) {
  const bool comparable = facts.local && facts.server && work.repository.has(*facts.server);
  const git::Distance distance = comparable ? work.repository.distance(*facts.local, *facts.server) : git::Distance{};
  BranchOutcome outcome;
  outcome.name = branch;
  outcome.before = facts.local;
  outcome.after = facts.server;
  refuse(outcome, reason, explain(reason, where_it_is(work, branch), branch, facts, distance));
  return outcome;
}

void refuse(BranchOutcome& outcome, Reason reason, const Explanation& why) {
  outcome.action = Done::refuse;
  outcome.result = Result::attention;
  outcome.reason = reason;
  outcome.message = why.message;
  outcome.hint = why.hint;
}

git::OnTransfer on_transfer(const Workspace& work) {
  return [&job = work.job, name = work.project.name](const Transfer& transfer) {
    stop_if(job.request.interrupt);
    job.progress.transferred(name, transfer);
  };
}

}  // namespace syncmanager::sync
