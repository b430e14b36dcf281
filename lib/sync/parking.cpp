#include "sync/parking.hpp"

#include <chrono>

namespace syncmanager::sync {

namespace {

bool contains(const Workspace& work, const std::optional<Oid>& tip, const Oid& commit) {
  if (!tip || !work.repository.has(*tip) || !work.repository.has(commit)) return false;
  const Relation relation = work.repository.relation(commit, *tip);
  return relation == Relation::same || relation == Relation::before;
}

/// Before the parked ref loses it. It is usually an older tip of the branch, or what another clone of a computer of
/// this name has parked.
void keep(Workspace& work, const std::string& branch, const std::string& ref, const Oid& parked) {
  if (work.job.request.dry_run) return;
  if (!work.repository.has(parked)) {
    work.remote.fetch(work.repository, {ref}, on_transfer(work));
    if (!work.repository.has(parked)) throw Error(ErrorKind::failed, "the server did not send what is in " + ref);
  }
  work.rescuer.keep(branch, parked, std::chrono::system_clock::now());
}

/// Brings the memory ref from where `known` saw it to `tip`, and its entry as well.
void set_memory(Workspace& work, git::RefMap& entries, const std::string& memory, const std::string& branch,
                const std::optional<Oid>& tip) {
  const std::optional<Oid> known = tip_of(entries, branch);
  if (known == tip || work.job.request.dry_run) return;
  if (known && !contains(work, tip, *known)) work.rescuer.keep(branch, *known, std::chrono::system_clock::now());
  if (tip) {
    work.repository.move_ref(memory, known, *tip, "sync: park");
  } else {
    work.repository.delete_ref(memory, *known);
  }
  entries.erase(branch);
  if (tip) entries.emplace(branch, *tip);
}

void note_parking(Workspace& work, const std::string& branch, const std::optional<Oid>& tip) {
  set_memory(work, work.view.local.parking, git::parking_here(work.project.remote, branch), branch, tip);
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
  if (parked && !contains(work, tip, *parked)) keep(work, branch, ref, *parked);
  if (tip) note_parking(work, branch, tip);
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
  auto& there = work.view.server.parked;
  there.erase(ref);
  if (tip) there.emplace(ref, *tip);
  set_memory(work, work.view.local.parked, git::parked_here(work.project.remote, branch), branch, tip);
  forget_parking(work, branch);
}

void forget_parking(Workspace& work, const std::string& branch) {
  note_parking(work, branch, std::nullopt);
}

void settle_parking(Workspace& work) {
  const git::RefMap noted = work.view.local.parking;
  for (const auto& [branch, tip] : noted) {
    if (!work.project.branches.selects(branch)) continue;
    work.branches.attempt(branch, [&work, name = branch, parked = tip] {
      if (git::find_ref(work.view.server, parked_name(work, name)) == parked)
        return remember_parked(work, name, parked);
      forget_parking(work, name);
    });
  }
}

}  // namespace syncmanager::sync
