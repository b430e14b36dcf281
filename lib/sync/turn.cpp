#include "sync/turn.hpp"

#include <algorithm>
#include <utility>

#include "sync/git_sync.hpp"

namespace syncmanager::sync {

namespace {

std::optional<View> glance_at(const Project& project) {
  const auto repository = git::Repository::open(project.path);
  return repository ? glance(project, *repository) : std::nullopt;
}

}  // namespace

bool is_folder(const Slot& slot) {
  return slot.project->client != Client::git;
}

void attempt(const Job& job, Turn& turn, const std::function<void()>& step) noexcept {
  if (turn.done) return;
  const auto begin = std::chrono::steady_clock::now();
  const auto fail_with = [&](const Error& error) {
    fail(*turn.slot.outcome, error);
    turn.done = true;
  };
  try {
    stop_if(job.request.interrupt);
    step();
  } catch (const Error& error) {
    fail_with(error);
  } catch (const std::exception& error) {
    fail_with(Error(ErrorKind::failed, error.what()));
  }
  turn.busy += std::chrono::steady_clock::now() - begin;
  turn.slot.outcome->seconds = turn.busy;
  if (!turn.done) return;
  turn.lock.reset();
  job.progress.finished(*turn.slot.outcome);
}

std::size_t look_ahead(Turn& turn) {
  const auto repository = std::exchange(turn.repository, std::nullopt);
  if (!repository) return 0;
  turn.here = glance(*turn.slot.project, *repository);
  return turn.here ? count_refs(*turn.here) : 0;
}

bool lacks_known_branches(Turn& turn, const git::Listing& listing) {
  if (!turn.here) turn.here = glance_at(*turn.slot.project);
  const auto lacks = [&](const auto& known) { return !listing.branches.contains(known.first); };
  return turn.here && std::ranges::any_of(turn.here->base.tips, lacks);
}

bool is_at_rest(Turn& turn, const git::Listing& listing) {
  const Project& project = *turn.slot.project;
  if (turn.lock && turn.lock->abandoned()) return false;  // what a killed run has left is still to be cleared away
  std::optional<View> view = std::exchange(turn.here, std::nullopt);
  if (!view) view = glance_at(project);
  if (!view) return false;
  view->server = listing;
  return git_at_rest(project, *view, *turn.slot.outcome);
}

}  // namespace syncmanager::sync
