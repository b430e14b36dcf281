#include "sync/workspace.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "git/complete.hpp"
#include "git/history.hpp"

namespace syncmanager::sync {

namespace {

/// The project as the commands for `branch` must see it: in another worktree that holds the branch they would act on
/// whatever the project's own folder has checked out.
Project where_it_is(Project project, const git::Worktrees& worktrees, const std::string& branch) {
  const auto worktree = worktrees.checked_out.find(branch);
  if (worktree == worktrees.checked_out.end()) return project;
  std::error_code ignored;
  // The same folder keeps the name that its owner gave it.
  if (!std::filesystem::equivalent(worktree->second, project.path, ignored)) project.path = worktree->second;
  return project;
}

/// The newest commits that only one side has: enough to know who did what.
std::vector<CommitNote> commits_of_both(const git::Repository& repository, const BranchFacts& facts) {
  constexpr std::size_t most = 3;
  std::vector<CommitNote> notes = git::newest_commits(repository, *facts.local, *facts.server, most, Side::local);
  const auto theirs = git::newest_commits(repository, *facts.server, *facts.local, most, Side::server);
  notes.insert(notes.end(), theirs.begin(), theirs.end());
  return notes;
}

/// The server has sent a history with holes.
void ask_for_all(Workspace& work, const std::vector<std::string>& names) {
  if (work.clone != nullptr) return work.clone->give_up();
  work.view.server = work.remote.fetch_whole(work.repository, names, on_transfer(work));
}

/// No ref may come to stand on a history with holes, which no later fetch would mend.
void require_complete(Workspace& work, Verb verb) {
  const std::set<Oid> proven = tips_here(work.view);
  std::vector<std::string> names;
  std::vector<Oid> unproven;
  for (const auto& [name, tip] : needed_tips(work.view, work.project, verb)) {
    if (proven.contains(tip) || !work.repository.has(tip)) continue;
    names.push_back(name);
    unproven.push_back(tip);
  }
  if (unproven.empty()) return;
  const std::vector<Oid> known(proven.begin(), proven.end());
  auto look = std::make_unique<git::LookThrough>(work.job.environment, work.repository, unproven, known,
                                                 work.job.request.interrupt);
  if (work.clone != nullptr) return work.clone->await(std::move(look));
  if (look->complete()) return;
  ask_for_all(work, names);
}

std::vector<std::string> missing(const Workspace& work, Verb verb) {
  std::vector<std::string> names;
  for (const auto& [name, tip] : needed_tips(work.view, work.project, verb)) {
    if (!work.repository.has(tip)) names.push_back(name);
  }
  return names;
}

}  // namespace

void look_here(Workspace& work) {
  work.view.local = work.repository.refs(work.project.remote);
  work.view.worktrees = work.repository.worktrees();
}

void fetch_missing(Workspace& work, Verb verb) {
  // The server may move on between two looks; what it names in the end is here in the end.
  constexpr int attempts = 3;
  bool proven = work.clone != nullptr;  // there is nothing else in it
  for (int i = 0; i < attempts; ++i) {
    const std::vector<std::string> names = missing(work, verb);
    if (names.empty()) break;
    git::Fetched fetched = work.remote.fetch(work.repository, names, on_transfer(work));
    work.view.server = std::move(fetched.listing);
    if (fetched.completeness == git::Completeness::holes) return ask_for_all(work, names);
    proven = proven && fetched.completeness == git::Completeness::complete;
  }
  if (!proven) require_complete(work, verb);
}

Policy policy_of(const Project& project, Verb verb, bool force) {
  return {.verb = verb,
          .diverged = project.diverged,
          .deletions = project.deletions,
          .rewrites = project.rewrites,
          .park = project.park,
          .force = force};
}

Policy policy_of(const Workspace& work, Verb verb) {
  return policy_of(work.project, verb, work.job.request.force);
}

BranchOutcome refusal(const Project& project, const git::Worktrees& worktrees, const git::Repository& repository,
                      const std::string& branch, Reason reason, const BranchFacts& facts) {
  const bool comparable = facts.local && facts.server && repository.has(*facts.server);
  const git::Distance distance = comparable ? repository.distance(*facts.local, *facts.server) : git::Distance{};
  BranchOutcome outcome;
  outcome.name = branch;
  outcome.before = facts.local;
  outcome.after = facts.server;
  refuse(outcome, reason, explain(reason, where_it_is(project, worktrees, branch), branch, facts, distance));
  if (comparable && distance.ahead > 0 && distance.behind > 0) outcome.commits = commits_of_both(repository, facts);
  return outcome;
}

BranchOutcome refusal(const Workspace& work, const std::string& branch, Reason reason, const BranchFacts& facts) {
  return refusal(work.project, work.view.worktrees, work.repository, branch, reason, facts);
}

git::OnTransfer on_transfer(const Workspace& work) {
  return [&job = work.job, name = work.project.name](const Transfer& transfer) {
    stop_if(job.request.interrupt);
    job.progress.transferred(name, transfer);
  };
}

}  // namespace syncmanager::sync
