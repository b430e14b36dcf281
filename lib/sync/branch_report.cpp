#include "sync/branch_report.hpp"

#include <algorithm>
#include <utility>

namespace syncmanager::sync {

namespace {

bool stale(const BranchOutcome& outcome) {
  return outcome.reason == Reason::stale;
}

}  // namespace

void BranchReport::add(BranchOutcome outcome) {
  const auto [place, fresh] = entries_.try_emplace(outcome.name, outcome);
  if (fresh || outcome.action == Done::none) return;
  const bool repeats = outcome.action == Done::refuse && place->second.reason == outcome.reason;
  if (!repeats) place->second = std::move(outcome);
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
