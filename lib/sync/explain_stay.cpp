#include "sync/explain_stay.hpp"

#include <filesystem>
#include <system_error>

namespace syncmanager::sync {

namespace {

/// What another branch could be checked out in its place: the server's default branch, or none.
std::string other_than(const std::string& branch, const Place& place) {
  const std::string& head = place.refs.tracking_head;
  const bool free = head != branch && place.refs.branches.contains(head) && !place.worktrees.checked_out.contains(head);
  return free ? head : "--detach";
}

Explanation explain_held(Project project, const Place& place, const BranchMove& move, const Arrival& arrival,
                         const std::string& again) {
  if (!arrival.away.empty()) {
    return {"it is checked out in a worktree that is away: " + arrival.away.string(),
            "bring the folder back, or forget it: " + git_line(project, {"worktree", "prune"})};
  }
  std::error_code ignored;
  // The same folder keeps the name that its owner gave it.
  if (!std::filesystem::equivalent(arrival.tree, project.path, ignored)) project.path = arrival.tree;
  return {"it is checked out in " + project.path.string(),
          git_line(project, {"switch", other_than(move.name, place)}) + ", then " + again};
}

}  // namespace

Explanation explain_stay(const Project& project, const Place& place, const BranchMove& move, const Arrival& arrival,
                         const std::string& again) {
  const Reason reason = arrival.reason.value_or(Reason::stale);
  if (reason == Reason::checked_out) return explain_held(project, place, move, arrival, again);
  BranchFacts facts;
  facts.local = move.from;
  return explain(reason, project, move.name, facts, {});
}

}  // namespace syncmanager::sync
