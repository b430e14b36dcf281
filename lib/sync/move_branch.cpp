#include "sync/move_branch.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "git/rescue.hpp"
#include "git/worktree.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

std::optional<Reason> reason_of(git::Moved moved) {
  switch (moved) {
    case git::Moved::yes: return std::nullopt;
    case git::Moved::stale: return Reason::stale;
    case git::Moved::name_clash: return Reason::name_clash;
    case git::Moved::bad_name: return Reason::bad_name;
  }
  return std::nullopt;
}

Arrival stayed(Reason reason) {
  Arrival arrival;
  arrival.reason = reason;
  return arrival;
}

bool is_away(const fs::path& folder) {
  std::error_code unreachable;  // is away, too
  return !fs::exists(folder, unreachable);
}

Arrival move_ref(const Place& place, const BranchMove& move) {
  const std::string ref = git::heads_prefix + move.name;
  const git::Moved moved = move.to ? place.repository.move_ref(ref, move.from, *move.to, move.log)
                                   : place.repository.delete_ref(ref, *move.from);
  Arrival arrival;
  arrival.reason = reason_of(moved);
  return arrival;
}

Arrival move_tree(const Place& place, const BranchMove& move, const fs::path& folder) {
  git::TreeResult result = move.forward || !move.from
                               ? git::fast_forward_tree(place.environment, folder, move.name, move.from, *move.to)
                               : git::replace_tree(place.environment, folder, move.name, *move.from, *move.to);
  Arrival arrival;
  arrival.tree = folder;
  switch (result.moved) {
    case git::TreeMoved::yes: break;
    case git::TreeMoved::stale: arrival.reason = Reason::stale; break;
    case git::TreeMoved::dirty:
      arrival.reason = Reason::dirty;
      arrival.files = std::move(result.files);
      break;
    case git::TreeMoved::failed: arrival.failure = trim(result.message); break;
  }
  return arrival;
}

Arrival move_once(const Place& place, const BranchMove& move) {
  // A transfer may have taken long: what the worktrees hold by now is what counts.
  place.worktrees = place.repository.worktrees();
  if (place.worktrees.busy.contains(move.name)) return stayed(Reason::busy);
  const auto worktree = place.worktrees.checked_out.find(move.name);
  const bool in_a_tree = worktree != place.worktrees.checked_out.end();
  if (in_a_tree && (!move.to || is_away(worktree->second))) {
    Arrival arrival = stayed(Reason::checked_out);
    (move.to ? arrival.away : arrival.tree) = worktree->second;
    return arrival;
  }
  if (move.from && !move.forward) {
    git::rescue(place.repository, place.refs.without(move.name), move.name, *move.from,
                std::chrono::system_clock::now());
  }
  return in_a_tree ? move_tree(place, move, worktree->second) : move_ref(place, move);
}

}  // namespace

Arrival move_branch(const Place& place, const BranchMove& move) {
  Arrival arrival = move_once(place, move);
  if (!arrival.arrived()) return arrival;
  if (move.to) {
    place.refs.move_branch(move.name, *move.to);
  } else {
    place.refs.remove_branch(move.name);
  }
  return arrival;
}

}  // namespace syncmanager::sync
