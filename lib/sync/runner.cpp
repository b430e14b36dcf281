#include "sync/runner.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

#include "base/threads.hpp"
#include "git/library.hpp"
#include "sync/approach.hpp"
#include "sync/head_start.hpp"
#include "sync/job.hpp"
#include "sync/last_runs.hpp"
#include "sync/server_group.hpp"
#include "sync/server_run.hpp"

namespace syncmanager::sync {

namespace {

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

/// A thread for each: a server that does not answer keeps nobody waiting but its own projects. Those that no thread is
/// to be had for come one after the other.
void run_groups(const Job& job, const std::vector<ServerGroup>& groups, HeadStart& head_start) {
  std::vector<Approach> approaches;
  for (const ServerGroup& group : groups)
    approaches.push_back(head_start.take(group, job.request, job.environment, job.progress));
  const auto run_group = [&](std::size_t i) { ServerRun(job, groups[i], std::move(approaches[i])).run(); };
  std::vector<std::jthread> threads;
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool last = i + 1 == groups.size();
    if (last || !start(threads, [&, i] { run_group(i); })) left.push_back(i);
  }
  if (left.size() > 1) job.progress.note("no more threads are to be had: servers come one after the other");
  for (const std::size_t i : left) run_group(i);
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
    if (takes_part(project, request.operation, outcome)) slots.push_back(slot_for(project, &outcome, environment));
  }
  HeadStart none;
  HeadStart& head_start = request.head_start == nullptr ? none : *request.head_start;
  const Environment used = head_start.with_agent(environment, request, slots, progress);
  git::WebAccess web(used, request.interactive, request.timeout, request.interrupt);
  const Job job{.request = request, .environment = used, .progress = progress, .web = web, .started = report.started};
  run_groups(job, group_by_server(slots, std::max(request.jobs, 1U)), head_start);
  report.interrupted = request.interrupt != nullptr && request.interrupt->requested();
  if (!request.dry_run && request.operation != Operation::fetch) try_to_remember(report, job);
  report.seconds = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace syncmanager::sync
