#include "sync/runner.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <utility>

#include "git/library.hpp"
#include "sync/git_sync.hpp"
#include "sync/server_run.hpp"

namespace syncmanager::sync {

namespace {

using Groups = std::vector<std::vector<Slot>>;

/// Whether the project takes part; otherwise its outcome says why not.
bool takes_part(const Project& project, Operation operation, ProjectOutcome& outcome) {
  if (!has_step(project, operation, Verb::pull) && !has_step(project, operation, Verb::push)) {
    outcome.status = Status::skipped;
    outcome.message = "its direction is " + std::string(to_string(project.direction));
    return false;
  }
  const bool web = project.url.scheme == Scheme::http || project.url.scheme == Scheme::https;
  if (project.client == Client::git && !web) return true;
  const std::string what = web ? "http and https URLs" : std::string(to_string(project.client)) + " projects";
  fail(outcome, Error(ErrorKind::failed, what + " are not synced by this version"));
  return false;
}

/// Projects of one server and one ssh configuration together; those of this computer's own disk, which share no
/// connection, spread over the jobs.
Groups group(const std::vector<Slot>& slots, unsigned jobs) {
  std::map<std::pair<std::string, std::string>, std::vector<Slot>> by_server;
  Groups local(jobs);
  std::size_t next = 0;
  for (const Slot& slot : slots) {
    const Project& project = *slot.project;
    if (project.url.scheme == Scheme::local) {
      local[next++ % jobs].push_back(slot);
    } else {
      by_server[{project.url.server(), project.ssh_config.string()}].push_back(slot);
    }
  }
  Groups groups;
  for (auto& [server, members] : by_server) groups.push_back(std::move(members));
  for (auto& members : local) {
    if (!members.empty()) groups.push_back(std::move(members));
  }
  return groups;
}

void run_groups(const Job& job, const Groups& groups) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < groups.size(); i = next++) ServerRun(job, groups[i]).run();
  };
  std::vector<std::jthread> threads;
  const std::size_t wanted = std::min<std::size_t>(job.request.jobs, groups.size());
  for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(work);
  work();
}

}  // namespace

RunReport run(const Request& request, const Environment& environment, Progress& progress) {
  const git::Library library;
  const Job job{.request = request, .environment = environment, .progress = progress};
  const auto begin = std::chrono::steady_clock::now();
  RunReport report;
  report.started = std::chrono::system_clock::now();
  report.dry_run = request.dry_run;
  report.projects.reserve(request.projects.size());  // the slots point into it
  std::vector<Slot> slots;
  for (const Project& project : request.projects) {
    ProjectOutcome& outcome = report.projects.emplace_back(blank_outcome(project));
    if (takes_part(project, request.operation, outcome)) slots.push_back({&project, &outcome});
  }
  run_groups(job, group(slots, std::max(request.jobs, 1U)));
  report.seconds = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace syncmanager::sync
