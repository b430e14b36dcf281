#include "sync/local_move.hpp"

#include <utility>

#include "git/worktree.hpp"
#include "sync/move_branch.hpp"

namespace syncmanager::sync {

namespace {

bool goes_forward(Done action) {
  return action == Done::fast_forward || action == Done::merge;
}

void require_commit(const Workspace& work, const LocalMove& move) {
  if (!work.repository.has(*move.to)) {
    throw Error(ErrorKind::failed, "the server did not send its commit " + move.to->short_hex());
  }
  if (!work.repository.is_commit(*move.to)) {
    throw Error(ErrorKind::failed, "the server's " + move.name + " is no commit");
  }
}

BranchOutcome outcome_of(const LocalMove& move) {
  BranchOutcome outcome;
  outcome.name = move.name;
  outcome.action = move.action;
  outcome.side = Side::local;
  outcome.before = move.facts.local;
  outcome.after = move.to;
  return outcome;
}

/// Why it stayed, in words.
BranchOutcome stayed(const Workspace& work, const LocalMove& move, Arrival arrival) {
  if (!arrival.reason) {
    BranchOutcome failed = outcome_of(move);
    failed.result = Result::failed;
    failed.message = "git could not move the working tree: " + arrival.failure;
    return failed;
  }
  BranchOutcome outcome = refusal(work, move.name, *arrival.reason, move.facts);
  if (!arrival.away.empty()) {
    refuse(outcome, Reason::checked_out,
           {"it is checked out in a worktree that is away: " + arrival.away.string(),
            "bring the folder back, or run git worktree prune in the project"});
  }
  outcome.files = std::move(arrival.files);
  return outcome;
}

}  // namespace

BranchOutcome apply(Workspace& work, const LocalMove& move) {
  if (move.to) require_commit(work, move);
  const bool dry_run = work.job.request.dry_run;
  const Place place{work.job.environment, work.repository, work.view.local, work.view.worktrees};
  const BranchMove here{.name = move.name,
                        .from = move.facts.local,
                        .to = move.to,
                        .forward = goes_forward(move.action),
                        .log = "sync: " + std::string(to_string(move.action))};
  Arrival arrival = dry_run ? preview_move(place, here) : move_branch(place, here);
  const bool stashing = arrival.reason == Reason::dirty && work.job.request.force && move.action == Done::replace;
  if (stashing && dry_run) {
    arrival = Arrival{};
  } else if (stashing) {
    git::stash(work.job.environment, arrival.tree, arrival.files, "sync: in the way of the server's " + move.name);
    arrival = move_branch(place, here);
  }
  const bool arrived = arrival.arrived();
  BranchOutcome outcome = arrived ? outcome_of(move) : stayed(work, move, std::move(arrival));
  if (stashing) {
    outcome.message.insert(
        0, arrived ? "local changes are stashed: git stash pop" : "your local changes are stashed (git stash pop); ");
  }
  if (arrived && move.action == Done::create && !dry_run) work.new_branches.push_back(move.name);
  return outcome;
}

}  // namespace syncmanager::sync
