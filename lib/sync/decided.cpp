#include "sync/decided.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace syncmanager::sync {

namespace {

bool deletes(const Decided& decided) {
  return std::holds_alternative<Delete>(decided.action);
}

std::size_t selected_branches(const Workspace& work, Verb verb) {
  const git::RefMap& side = verb == Verb::pull ? work.view.local.branches : work.view.server.branches;
  return static_cast<std::size_t>(
      std::ranges::count_if(side, [&](const auto& branch) { return work.project.branches.selects(branch.first); }));
}

void refuse_mass_deletion(const Workspace& work, Verb verb, std::vector<Decided>& all) {
  if (work.job.request.allow_mass_deletion) return;
  const auto deletions = static_cast<std::size_t>(std::ranges::count_if(all, deletes));
  if (!is_mass_deletion(deletions, selected_branches(work, verb))) return;
  for (Decided& decided : all) {
    if (deletes(decided)) decided.action = Refuse{Reason::mass_deletion};
  }
}

}  // namespace

std::vector<Decided> decide_all(Workspace& work, Verb verb, const std::vector<std::string>& names) {
  const Policy policy = policy_of(work, verb);
  std::vector<Decided> all;
  for (const std::string& name : names) {
    stop_if(work.job.request.interrupt);
    work.branches.attempt(name, [&] {
      const BranchFacts facts = branch_facts(work.view, work.repository, work.here, name);
      all.push_back({.name = name, .facts = facts, .action = decide(facts, policy)});
    });
  }
  refuse_mass_deletion(work, verb, all);
  std::ranges::stable_partition(all, deletes);
  return all;
}

}  // namespace syncmanager::sync
