#include "sync/runner.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "base/threads.hpp"
#include "git/library.hpp"
#include "git/ssh_setting.hpp"
#include "ssh/find_agent.hpp"
#include "sync/job.hpp"
#include "sync/last_runs.hpp"
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
  if (project.client == Client::git || operation != Operation::fetch) return true;
  outcome.status = Status::skipped;
  outcome.message = "folders are looked at by a run of sync-pull, sync-push or sync-now only";
  return false;
}

Slot slot_for(const Project& project, ProjectOutcome& outcome, const Environment& environment) {
  const bool by_ssh = project.url.scheme == Scheme::ssh;
  return {&project, &outcome, by_ssh ? git::ssh_setting(environment, project.path) : std::string()};
}

/// Projects of one server and one ssh configuration together; those of this computer's own disk, which share no
/// connection, spread over the jobs.
Groups group(const std::vector<Slot>& slots, unsigned jobs) {
  std::map<std::array<std::string, 3>, std::vector<Slot>> by_server;
  Groups local(jobs);
  std::size_t next = 0;
  for (const Slot& slot : slots) {
    const Project& project = *slot.project;
    if (project.url.scheme == Scheme::local) {
      local[next++ % jobs].push_back(slot);
    } else {
      by_server[{project.url.server(), project.ssh_config.string(), slot.ssh_command}].push_back(slot);
    }
  }
  Groups groups;
  for (auto& [server, members] : by_server) groups.push_back(std::move(members));
  for (auto& members : local) {
    if (!members.empty()) groups.push_back(std::move(members));
  }
  return groups;
}

/// With an agent that answers, where a server is to be reached by ssh. One that hangs may only use up a part of the
/// time for a connection, unless there is somebody who can answer it.
Environment with_agent(const Environment& environment, const Request& request, const std::vector<Slot>& slots,
                       Progress& progress) {
  const bool by_ssh =
      std::ranges::any_of(slots, [](const Slot& slot) { return slot.project->url.scheme == Scheme::ssh; });
  if (!by_ssh) return environment;
  const auto longest = request.interactive ? request.timeout : request.timeout / 4;
  return ssh::with_live_agent(environment, longest, request.interrupt,
                              [&](const std::string& line) { progress.note(line); });
}

/// A thread for each: a server that does not answer keeps nobody waiting but its own projects. Those that no thread is
/// to be had for come one after the other.
void run_groups(const Job& job, const Groups& groups) {
  std::vector<std::jthread> threads;
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool last = i + 1 == groups.size();
    if (last || !start(threads, [&, i] { ServerRun(job, groups[i]).run(); })) left.push_back(i);
  }
  if (left.size() > 1) job.progress.note("no more threads are to be had: servers come one after the other");
  for (const std::size_t i : left) ServerRun(job, groups[i]).run();
}

/// Only people read it: a run is not a failure for it.
void try_to_remember(const RunReport& report, const Job& job) {
  try {
    remember(report, std::string(to_string(job.request.operation)), job.environment);
  } catch (const Error& error) {
    job.progress.note(error.what());
  }
}

}  // namespace

std::string_view to_string(Operation operation) {
  switch (operation) {
    case Operation::pull: return "sync-pull";
    case Operation::push: return "sync-push";
    case Operation::now: return "sync-now";
    case Operation::fetch: return "sync-status";
  }
  return "";
}

RunReport run(const Request& request, const Environment& environment, Progress& progress) {
  const git::Library library;
  const auto begin = std::chrono::steady_clock::now();
  RunReport report;
  report.started = std::chrono::system_clock::now();
  report.dry_run = request.dry_run;
  report.projects.reserve(request.projects.size());  // the slots point into it
  std::vector<Slot> slots;
  for (const Project& project : request.projects) {
    ProjectOutcome& outcome = report.projects.emplace_back(blank_outcome(project));
    if (takes_part(project, request.operation, outcome)) slots.push_back(slot_for(project, outcome, environment));
  }
  const Environment used = with_agent(environment, request, slots, progress);
  git::WebAccess web(used, request.interactive, request.timeout, request.interrupt);
  const Job job{.request = request, .environment = used, .progress = progress, .web = web, .started = report.started};
  run_groups(job, group(slots, std::max(request.jobs, 1U)));
  report.interrupted = request.interrupt != nullptr && request.interrupt->requested();
  if (!request.dry_run && request.operation != Operation::fetch) try_to_remember(report, job);
  report.seconds = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace syncmanager::sync
