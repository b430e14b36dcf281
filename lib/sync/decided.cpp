#include "sync/decided.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace syncmanager::sync {

namespace {

bool deletes(const Decided& decided) {
  return std::holds_alternative<Delete>(decided.action);
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
  const git::RefMap& side = verb == Verb::pull ? work.view.local.branches : work.view.server.branches;
  if (!work.job.request.allow_mass_deletion) refuse_mass_deletion(work.project, side, all);
  std::stable_partition(all.begin(), all.end(), deletes);
  return all;
}

void refuse_mass_deletion(const Project& project, const git::RefMap& side, std::vector<Decided>& all) {
  const auto deletions = static_cast<std::size_t>(std::ranges::count_if(all, deletes));
  const auto selected =
      std::ranges::count_if(side, [&](const auto& branch) { return project.branches.selects(branch.first); });
  if (!is_mass_deletion(deletions, static_cast<std::size_t>(selected))) return;
  for (Decided& decided : all) {
    if (deletes(decided)) decided.action = Refuse{Reason::mass_deletion};
  }
}

}  // namespace syncmanager::sync
