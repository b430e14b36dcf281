#include "sync/parking.hpp"

#include <chrono>

namespace syncmanager::sync {

namespace {

/// Before the parked ref loses it. It is usually an older tip of the branch, or what another clone of a computer of
/// this name has parked.
void keep(Workspace& work, const std::string& branch, const std::string& ref, const Oid& parked) {
  if (work.job.request.dry_run) return;
  if (!work.repository.has(parked)) {
    const git::Listing there = work.remote.fetch(work.repository, {ref}, on_transfer(work));
    if (!work.repository.has(parked)) throw Error(ErrorKind::failed, "the server did not send what is in " + ref);
  }
  work.rescuer.keep(branch, parked, std::chrono::system_clock::now());
}

}  // namespace

std::string parked_name(const Workspace& work, const std::string& branch) {
  return git::parked_ref(work.project.computer, branch);
}

std::optional<git::PushedRef> park(Workspace& work, const std::string& branch, const std::optional<Oid>& tip) {
  const std::string ref = parked_name(work, branch);
  const std::optional<Oid> parked = git::find_ref(work.view.server, ref);
  const bool of_another_clone = parked && !tip && parked != tip_of(work.view.local.parked, branch);
  if (parked == tip || of_another_clone) {
    remember_parked(work, branch, tip);
    return std::nullopt;
  }
  if (parked) keep(work, branch, ref, *parked);
  return git::PushedRef{.name = ref, .from = parked, .to = tip};
}

std::vector<std::string> settled_and_parked(const Workspace& work) {
  const View& view = work.view;
  std::vector<std::string> names;
  for (const auto& [branch, tip] : view.local.parked) {
    const bool settled = tip_of(view.local.branches, branch) == tip_of(view.server.branches, branch);
    if (settled && work.project.branches.selects(branch)) names.push_back(branch);
  }
  return names;
}

void remember_parked(Workspace& work, const std::string& branch, const std::optional<Oid>& tip) {
  const std::string ref = parked_name(work, branch).substr(std::string_view(git::parked_prefix).size());
  auto& here = work.view.local.parked;
  auto& there = work.view.server.parked;
  const std::optional<Oid> known = tip_of(here, branch);
  there.erase(ref);
  if (tip) there.emplace(ref, *tip);
  if (known == tip || work.job.request.dry_run) return;
  const std::string memory = git::parked_here(work.project.remote, branch);
  if (tip) {
    work.repository.move_ref(memory, known, *tip, "sync: park");
  } else {
    work.repository.delete_ref(memory, *known);
  }
  here.erase(branch);
  if (tip) here.emplace(branch, *tip);
}

}  // namespace syncmanager::sync
