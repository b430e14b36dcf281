#include "sync/local_move.hpp"

#include <optional>
#include <string>
#include <utility>

#include "base/escape.hpp"
#include "git/tree_status.hpp"
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

Place place_of(Workspace& work) {
  return {work.job.environment, work.repository, work.view.local, work.view.worktrees, work.rescuer};
}

BranchMove here_of(const LocalMove& move) {
  return {.name = move.name,
          .from = move.facts.local,
          .to = move.to,
          .forward = goes_forward(move.action),
          .log = "sync: " + std::string(to_string(move.action))};
}

/// What lets a branch stay although --force stashes what is in its way.
std::vector<std::string> stuck(const Arrival& arrival) {
  if (arrival.reason != Reason::dirty) return {};
  return git::unstashable(arrival.tree, arrival.files);
}

struct InUse {
  Reason reason;
  std::string words;
};

/// Why a run that nobody has asked for just now moves nothing; nothing where it may. What people have changed would
/// stay, but a tree that changes under their hands, in the middle of something, surprises.
std::optional<InUse> in_use(const Workspace& work, const std::string& branch) {
  const git::Worktrees& worktrees = work.view.worktrees;
  if (!worktrees.busy.empty()) {
    return InUse{Reason::busy, "a " + worktrees.busy.begin()->second + " is under way here"};
  }
  const auto tree = worktrees.checked_out.find(branch);
  if (tree == worktrees.checked_out.end()) return std::nullopt;
  const git::TreeSeen seen = git::tree_changes(work.job.environment, tree->second);
  if (!seen.changes) return InUse{Reason::dirty, "git can't tell whether its working tree has changes here"};
  const bool changed = seen.changes->staged + seen.changes->changed + seen.changes->conflicts > 0;
  return changed ? std::optional(InUse{Reason::dirty, "its working tree has changes here"}) : std::nullopt;
}

/// Nobody has to do anything: it is tried again.
BranchOutcome postponed(const Workspace& work, const LocalMove& move, const InUse& why) {
  BranchOutcome outcome = unchanged(move.name, move.facts.local);
  outcome.reason = why.reason;
  outcome.message = "has moved on the server, and " + why.words + ": sync-pull " + shell_word(work.project.name) +
                    " brings it up to date";
  return outcome;
}

/// In a dry run: as if it had been made.
Arrival pretend(Workspace& work, const LocalMove& move, bool stashes) {
  // What was fetched to look at it is not in the project.
  Arrival arrival = preview_move(place_of(work), here_of(move), work.repository.git_folder() / "objects");
  if (stashes && arrival.reason == Reason::dirty && stuck(arrival).empty()) arrival.reason.reset();
  if (arrival.arrived()) show_moved(work.view.local, here_of(move));
  return arrival;
}

}  // namespace

BranchOutcome apply(Workspace& work, const LocalMove& move) {
  if (move.to) require_commit(work, move);
  if (work.job.request.background) {
    if (const auto why = in_use(work, move.name)) return postponed(work, move, *why);
  }
  const bool stashes = work.job.request.force && move.action == Done::replace;
  const bool dry_run = work.job.request.dry_run;
  Arrival arrival = dry_run ? pretend(work, move, stashes) : move_branch(place_of(work), here_of(move));
  const std::vector<std::string> repositories = stashes ? stuck(arrival) : std::vector<std::string>();
  const bool stashing = stashes && arrival.reason == Reason::dirty && repositories.empty();
  if (stashing) {
    git::stash(work.job.environment, arrival.tree, arrival.files, "sync: in the way of the server's " + move.name);
    arrival = move_branch(place_of(work), here_of(move));
  }
  if (arrival.half_moved && work.journal != nullptr) {
    work.journal->half_made(git::heads_prefix + move.name);
    work.lock->abandon();
  }
  const bool arrived = arrival.arrived();
  BranchOutcome outcome = arrived ? outcome_of(move) : stayed(work, move, std::move(arrival));
  if (!repositories.empty()) {
    refuse(outcome, Reason::dirty,
           {"a git repository is in the way, which can't be stashed", "move it away, then run the command again"});
    outcome.files = repositories;
  }
  if (stashing) {
    outcome.message.insert(
        0, arrived ? "local changes are stashed: git stash pop" : "your local changes are stashed (git stash pop); ");
  }
  if (arrived && move.action == Done::create && !dry_run) work.new_branches.push_back(move.name);
  return outcome;
}

std::optional<BranchOutcome> foresee_refusal(Workspace& work, const LocalMove& move,
                                             const std::filesystem::path& objects) {
  Arrival arrival = preview_move(place_of(work), here_of(move), objects);
  if (arrival.arrived()) return std::nullopt;
  return stayed(work, move, std::move(arrival));
}

}  // namespace syncmanager::sync
