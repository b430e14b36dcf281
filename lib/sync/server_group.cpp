#include "sync/server_group.hpp"

#include <cstddef>
#include <map>
#include <utility>

#include "git/ssh_setting.hpp"

namespace syncmanager::sync {

namespace {

ServerKey key_of(const Slot& slot) {
  return {slot.project->url.server(), slot.project->ssh_config.string(), slot.ssh_command};
}

}  // namespace

ServerKey key_of(const ServerGroup& group) {
  return key_of(group.front());
}

Slot slot_for(const Project& project, ProjectOutcome* outcome, const Environment& environment) {
  const bool by_ssh = project.url.scheme == Scheme::ssh;
  return {&project, outcome, by_ssh ? git::ssh_setting(environment, project.path) : std::string()};
}

std::vector<ServerGroup> group_by_server(const std::vector<Slot>& slots, unsigned jobs) {
  std::map<ServerKey, ServerGroup> by_server;
  std::vector<ServerGroup> local(jobs);
  std::size_t next = 0;
  for (const Slot& slot : slots) {
    if (slot.project->url.scheme == Scheme::local) {
      local[next++ % jobs].push_back(slot);
    } else {
      by_server[key_of(slot)].push_back(slot);
    }
  }
  std::vector<ServerGroup> groups;
  for (auto& [server, members] : by_server) groups.push_back(std::move(members));
  for (auto& members : local) {
    if (!members.empty()) groups.push_back(std::move(members));
  }
  return groups;
}

}  // namespace syncmanager::sync
