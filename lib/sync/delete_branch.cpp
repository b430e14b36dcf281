#include "sync/delete_branch.hpp"

#include <chrono>
#include <filesystem>
#include <set>

#include "base/escape.hpp"
#include "git/rescue.hpp"
#include "sync/explain.hpp"
#include "sync/journal.hpp"
#include "sync/move_branch.hpp"
#include "sync/run_here.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

Oid tip_to_delete(const Project& project, const git::LocalRefs& refs, const std::string& branch) {
  const auto found = refs.branches.find(branch);
  if (found == refs.branches.end()) {
    throw Error(ErrorKind::failed, "there is no branch " + branch,
                "git -C " + shell_quote(project.path.string()) + " branch lists those that there are");
  }
  if (refs.aliases.contains(branch)) {
    throw Error(ErrorKind::failed, branch + " is only another name of a branch (a symbolic ref)",
                "git -C " + shell_quote(project.path.string()) + " symbolic-ref --delete " +
                    shell_quote(git::heads_prefix + branch));
  }
  return found->second;
}

/// Why it stays, in words.
void stay(const Project& project, const Arrival& arrival, BranchOutcome& outcome) {
  BranchFacts facts;
  facts.local = outcome.before;
  Explanation why = explain(arrival.reason.value_or(Reason::stale), project, outcome.name, facts, {});
  if (arrival.reason == Reason::checked_out) {
    why = {"it is checked out in " + arrival.tree.string(), "switch to another branch there first"};
  }
  refuse(outcome, arrival.reason.value_or(Reason::stale), why);
}

BranchOutcome remove(const Project& project, git::Repository& repository, const std::string& branch, bool dry_run,
                     const Environment& environment) {
  git::LocalRefs refs = repository.refs(project.remote);
  git::Worktrees worktrees = repository.worktrees();
  BranchOutcome outcome;
  outcome.name = branch;
  outcome.action = Done::remove;
  outcome.before = tip_to_delete(project, refs, branch);
  if (dry_run) return outcome;
  Journal journal(journal_path(environment, repository.git_folder()),
                  new_run("sync-delete", project.remote, std::chrono::system_clock::now()));
  git::Rescuer rescuer(repository);
  const std::string ref = git::heads_prefix + branch;
  journal.add({{JournalEntry::Kind::ref, ref, outcome.before, std::nullopt}});
  journal.begin(ref);
  const Arrival arrival =
      move_branch({environment, repository, refs, worktrees, rescuer},
                  {.name = branch, .from = outcome.before, .to = std::nullopt, .forward = false, .log = {}});
  rescuer.drop_needless();
  if (!arrival.arrived()) journal.kept(ref);
  journal.end();
  if (!arrival.arrived()) stay(project, arrival, outcome);
  return outcome;
}

}  // namespace

RunReport delete_branch(const LocalRequest& request, const std::string& branch, const Environment& environment) {
  std::set<std::filesystem::path> done;  // two projects may share a repository
  return run_here(request, environment, "only git projects have branches", NotCloned::fails,
                  [&](const Project& project, git::Repository& repository, ProjectOutcome& outcome) {
                    if (!done.insert(repository.git_folder()).second) return;
                    outcome.branches = {remove(project, repository, branch, request.dry_run, environment)};
                    outcome.status = status_of(outcome);
                  });
}

}  // namespace syncmanager::sync
