#include "sync/move_branch.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/tree_repair.hpp"
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

/// Git stopped half way: the disk is full, a filter fails, or somebody has killed it.
void put_right(const Place& place, const git::BegunMove& move, Arrival& arrival) {
  try {
    const git::TreeRepair repair = git::repair_tree(place.environment, move, std::chrono::milliseconds(0));
    switch (repair.kind) {
      case git::TreeRepair::Kind::finished: arrival.failure.clear(); break;
      case git::TreeRepair::Kind::taken_back: arrival.failure += "; what it had done is taken back"; break;
      case git::TreeRepair::Kind::nothing: break;
      case git::TreeRepair::Kind::held:
      case git::TreeRepair::Kind::locked: arrival.half_moved = true; break;
    }
  } catch (const Error&) {  // most likely for the same reason
    arrival.half_moved = true;
    arrival.failure += "; the files are half moved, and the next run puts that right";
  }
}

Arrival move_tree(const Place& place, const BranchMove& move, const fs::path& folder) {
  const FileTime begun = std::chrono::system_clock::now();
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
    case git::TreeMoved::locked: arrival.failure = trim(result.message); break;
    case git::TreeMoved::failed:
      arrival.failure = trim(result.message);
      put_right(place, {folder, move.name, move.from, *move.to, begun, true}, arrival);
      break;
  }
  return arrival;
}

/// Why the worktrees don't let the branch move at all, or the tree that would move with it.
Arrival look_at_trees(const git::Worktrees& worktrees, const BranchMove& move) {
  if (worktrees.busy.contains(move.name)) return stayed(Reason::busy);
  Arrival arrival;
  const auto worktree = worktrees.checked_out.find(move.name);
  if (worktree == worktrees.checked_out.end()) return arrival;
  arrival.tree = worktree->second;
  const bool away = is_away(arrival.tree);
  if (!move.to || away) arrival.reason = Reason::checked_out;
  if (move.to && away) arrival.away = arrival.tree;
  return arrival;
}

/// What of the user's is in the way of the tree that would move.
void find_local_changes(const Environment& environment, const BranchMove& move, Arrival& seen) {
  seen.files = git::local_files_in_the_way(environment, seen.tree, *move.from, *move.to);
  if (!seen.files.empty()) seen.reason = Reason::dirty;
}

Arrival move_once(const Place& place, const BranchMove& move) {
  // A transfer may have taken long: what the worktrees hold by now is what counts.
  place.worktrees = place.repository.worktrees();
  Arrival seen = look_at_trees(place.worktrees, move);
  if (seen.reason) return seen;
  if (move.from && !move.forward) {
    // A move that is refused at every run must not rescue anything at every run.
    if (!seen.tree.empty()) find_local_changes(place.environment, move, seen);
    if (seen.reason) return seen;
    place.rescuer.keep(move.name, *move.from, std::chrono::system_clock::now());
  }
  return seen.tree.empty() ? move_ref(place, move) : move_tree(place, move, seen.tree);
}

}  // namespace

void show_moved(git::LocalRefs& refs, const BranchMove& move) {
  if (move.to) {
    refs.move_branch(move.name, *move.to);
  } else {
    refs.remove_branch(move.name);
  }
}

Arrival preview_move(const Place& place, const BranchMove& move, const fs::path& objects) {
  Arrival seen = look_at_trees(place.worktrees, move);
  if (seen.reason || seen.tree.empty() || !move.from) return seen;
  Environment environment = place.environment;
  environment.variables.push_back("GIT_ALTERNATE_OBJECT_DIRECTORIES=" + objects.string());
  find_local_changes(environment, move, seen);
  return seen;
}

Arrival move_branch(const Place& place, const BranchMove& move) {
  Arrival arrival = move_once(place, move);
  if (arrival.arrived()) show_moved(place.refs, move);
  return arrival;
}

}  // namespace syncmanager::sync
