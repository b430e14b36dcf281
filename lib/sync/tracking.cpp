#include "sync/tracking.hpp"

#include <chrono>
#include <optional>
#include <vector>

#include "model/url.hpp"

namespace syncmanager::sync {

namespace {

std::string tracking_ref(const Workspace& work, const std::string& branch) {
  return "refs/remotes/" + work.project.remote + "/" + branch;
}

/// The branch of the same name often holds it: then it is rescued when that one loses it.
bool held_by_branch(const Workspace& work, const std::string& branch, const Oid& tip) {
  const std::optional<Oid> here = work.repository.tip(git::heads_prefix + branch);
  if (!here || *here == tip) return here.has_value();
  return work.repository.has(tip) && work.repository.relation(tip, *here) == Relation::before;
}

void keep(Workspace& work, const std::string& branch, const Oid& tip) {
  if (held_by_branch(work, branch, tip)) return;
  work.rescuer.keep(work.project.remote + "/" + branch, tip, std::chrono::system_clock::now());
}

void prune(Workspace& work) {
  // A server without any branch is more likely to be broken than to mean it.
  if (work.view.server.branches.empty()) return;
  std::vector<std::pair<std::string, Oid>> gone;
  for (const auto& tracked : work.view.local.tracking) {
    const bool there = work.view.server.branches.contains(tracked.first);
    if (!there && work.project.branches.selects(tracked.first)) gone.emplace_back(tracked);
  }
  for (const auto& [branch, tip] : gone) {
    work.branches.attempt(branch, [&work, name = branch, old = tip] {
      keep(work, name, old);
      work.repository.delete_ref(tracking_ref(work, name), old);
      work.view.local.tracking.erase(name);
    });
  }
}

void track_branch(Workspace& work, const std::string& branch, const Oid& tip) {
  stop_if(work.job.request.interrupt);
  auto& tracking = work.view.local.tracking;
  const auto known = tracking.find(branch);
  const auto old = known == tracking.end() ? std::nullopt : std::optional<Oid>(known->second);
  if (old == tip || !work.repository.has(tip)) return;
  const bool loses = old && work.repository.has(*old) && work.repository.relation(*old, tip) != Relation::before;
  if (loses) keep(work, branch, *old);
  // Somebody's `git fetch` may be quicker: then the next run finds the ref where it should be.
  if (work.repository.move_ref(tracking_ref(work, branch), old, tip, "sync: fetch") == git::Moved::yes) {
    tracking[branch] = tip;
  }
}

}  // namespace

void ensure_remote(Workspace& work) {
  const std::string key = "remote." + work.project.remote + ".";
  if (!work.repository.own_setting(key + "url")) {
    // Whoever may read the repository need not know the password of the conf file.
    work.repository.set_setting(key + "url", without_password(work.project.url.text));
  }
  if (!work.repository.own_setting(key + "fetch")) {
    work.repository.set_setting(key + "fetch", "+refs/heads/*:refs/remotes/" + work.project.remote + "/*");
  }
}

void track(Workspace& work) {
  prune(work);
  for (const auto& [branch, tip] : work.view.server.branches) {
    if (!work.project.branches.selects(branch)) continue;
    work.branches.attempt(branch, [&work, name = branch, there = tip] { track_branch(work, name, there); });
  }
}

void track_head(Workspace& work) {
  const std::string& head = work.view.server.head;
  if (head != work.view.local.tracking_head && work.view.local.tracking.contains(head)) {
    work.repository.set_symbolic_ref(tracking_ref(work, "HEAD"), tracking_ref(work, head), "sync: remote HEAD");
    work.view.local.tracking_head = head;
  }
}

}  // namespace syncmanager::sync
