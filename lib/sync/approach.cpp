#include "sync/approach.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "ssh/connect_options.hpp"
#include "ssh/find_agent.hpp"

namespace syncmanager::sync {

namespace {

ssh::ConnectOptions connect_options(const ServerGroup& group, const Request& request, Progress& progress) {
  const Slot& slot = group.front();
  ssh::ConnectOptions options;
  options.for_programs = std::ranges::any_of(group, is_folder);
  options.ssh_config = slot.project->ssh_config;
  options.ssh_command = slot.ssh_command;
  options.timeout = request.timeout;
  options.interactive = request.interactive;
  options.interrupt = request.interrupt;
  options.note = [&progress](const std::string& line) { progress.note(line); };
  return options;
}

}  // namespace

Approach approach(const ServerGroup& group, const Request& request, const Environment& environment,
                  Progress& progress) {
  const Url& url = group.front().project->url;
  Approach made;
  made.server = std::make_shared<ssh::Server>(url, environment, connect_options(group, request, progress));
  if (is_web(url) || std::ranges::all_of(group, is_folder)) return made;
  try {
    made.first = std::async(std::launch::async, [server = made.server] { return server->connect(); });
  } catch (const std::system_error&) {
    return made;  // no thread is to be had
  }
  return made;
}

Environment with_agent(const Environment& environment, const Request& request, const std::vector<Slot>& slots,
                       Progress& progress) {
  const bool by_ssh =
      std::ranges::any_of(slots, [](const Slot& slot) { return slot.project->url.scheme == Scheme::ssh; });
  if (!by_ssh) return environment;
  const auto longest = request.interactive ? request.timeout : request.timeout / 4;
  return ssh::with_live_agent(environment, longest, request.interrupt,
                              [&](const std::string& line) { progress.note(line); });
}

}  // namespace syncmanager::sync
