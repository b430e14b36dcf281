#include "sync/head_start.hpp"

#include <algorithm>
#include <utility>

namespace syncmanager::sync {

void HeadStart::begin(const Request& request, const Environment& environment, Progress& progress) {
  std::vector<Slot> slots;
  for (const Project& project : request.projects) {
    // What is on this computer's own disk is near enough.
    if (project.client == Client::git && project.url.scheme == Scheme::ssh)
      slots.push_back(slot_for(project, nullptr, environment));
  }
  if (slots.empty()) return;
  if (!with_agent_) with_agent_ = sync::with_agent(environment, request, slots, progress);
  for (const ServerGroup& group : group_by_server(slots, 1)) {
    if (!begun_.contains(key_of(group)))
      begun_.emplace(key_of(group), approach(group, request, *with_agent_, progress));
  }
}

Environment HeadStart::with_agent(const Environment& environment, const Request& request,
                                  const std::vector<Slot>& slots, Progress& progress) const {
  return with_agent_ ? *with_agent_ : sync::with_agent(environment, request, slots, progress);
}

Approach HeadStart::take(const ServerGroup& group, const Request& request, const Environment& environment,
                         Progress& progress) {
  // What was begun is for git alone: folders need a connection that other programs can share.
  if (std::ranges::any_of(group, is_folder)) return approach(group, request, environment, progress);
  auto begun = begun_.extract(key_of(group));
  return begun ? std::move(begun.mapped()) : approach(group, request, environment, progress);
}

}  // namespace syncmanager::sync
