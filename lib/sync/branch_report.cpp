#include "sync/branch_report.hpp"

#include <algorithm>
#include <utility>

namespace syncmanager::sync {

namespace {

bool stale(const BranchOutcome& outcome) {
  return outcome.reason == Reason::stale;
}

/// Whether the trouble would meet all other branches too.
bool ends_the_project(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::offline:
    case ErrorKind::timeout:
    case ErrorKind::auth:
    case ErrorKind::interrupted: return true;
    case ErrorKind::failed:
    case ErrorKind::usage:
    case ErrorKind::locked: return false;
  }
  return true;
}

}  // namespace

BranchReport::BranchReport(const std::vector<BranchOutcome>& earlier) {
  for (const BranchOutcome& outcome : earlier) entries_.emplace(outcome.name, outcome);
}

void BranchReport::add(BranchOutcome outcome) {
  const auto [place, fresh] = entries_.try_emplace(outcome.name, outcome);
  if (fresh) return;
  const bool quiet = outcome.action == Done::none && outcome.result == Result::ok;
  if (quiet || place->second.result == Result::failed) return;
  const bool joined = place->second.action == Done::merge || place->second.action == Done::rebase;
  if (joined && place->second.result == Result::ok && outcome.result == Result::ok) {
    place->second.message = "and pushed";  // which commits came together says more than that they went on
    return;
  }
  const bool repeats = outcome.action == Done::refuse && place->second.reason == outcome.reason;
  if (!repeats) place->second = std::move(outcome);
}

void BranchReport::attempt(const std::string& name, const std::function<void()>& part) {
  try {
    part();
  } catch (const Error& error) {
    if (ends_the_project(error.kind())) throw;
    BranchOutcome failed;
    failed.name = name;
    failed.result = Result::failed;
    failed.message = error.what();
    failed.hint = error.hint();
    add(std::move(failed));
  }
}

const BranchOutcome* BranchReport::find(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

void BranchReport::forget_stale() {
  std::erase_if(entries_, [](const auto& entry) { return stale(entry.second); });
}

bool BranchReport::has_stale() const {
  return std::ranges::any_of(entries_, [](const auto& entry) { return stale(entry.second); });
}

std::vector<BranchOutcome> BranchReport::take() && {
  std::vector<BranchOutcome> outcomes;
  outcomes.reserve(entries_.size());
  for (auto& [name, outcome] : entries_) outcomes.push_back(std::move(outcome));
  entries_.clear();
  return outcomes;
}

}  // namespace syncmanager::sync
