#include "sync/status.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "base/escape.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/threads.hpp"
#include "git/history.hpp"
#include "git/library.hpp"
#include "git/repository.hpp"
#include "git/rescue.hpp"
#include "git/tree_status.hpp"
#include "queue/queue.hpp"
#include "sync/clone.hpp"
#include "sync/explain.hpp"
#include "sync/folder_status.hpp"
#include "sync/forecast.hpp"
#include "sync/last_runs.hpp"
#include "sync/queue_plan.hpp"
#include "sync/settle.hpp"
#include "sync/tries.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

/// A stash is an entry of this log (git-stash(1)); libgit2 would make the file where it lacks. Most repositories have
/// none, and the log is one look, a ref many.
std::size_t count_stashes(const git::Repository& repository) {
  const auto log = read_file(repository.git_folder() / "logs" / "refs" / "stash");
  return !log || repository.absent("refs/stash") ? 0 : lines_of(*log).size();
}

/// A name that is free for a branch: what lost the commit is often still there.
std::string free_name(const Project& project, const git::RefMap& taken, std::string name) {
  const std::string remote = project.remote + "/";
  if (name.starts_with(remote)) name.erase(0, remote.size());
  const auto is_free = [&](const std::string& wanted) {
    return !taken.contains(wanted) && git::clashing_name(taken, wanted).empty();
  };
  if (is_free(name)) return name;
  std::ranges::replace(name, '/', '-');  // a branch may stand where it needs a folder
  const std::string rescued = name + "-rescued";
  std::string free = rescued;
  for (int i = 2; !is_free(free); ++i) free = rescued + "-" + std::to_string(i);
  return free;
}

std::vector<RescuedStatus> rescued_in(const Project& project, const git::Repository& repository,
                                      const git::LocalRefs& refs) {
  std::vector<RescuedStatus> all;
  git::RefMap taken = refs.branches;  // also by the commands before
  for (const git::Rescued& one : git::rescued(repository)) {
    const std::string name = free_name(project, taken, one.name);
    taken.emplace(name, one.tip);
    all.push_back({.since = one.since,
                   .name = one.name,
                   .tip = one.tip,
                   .subject = git::subject(repository, one.tip),
                   .command = git_line(project, {"branch", name, one.tip.hex()})});
  }
  return all;
}

WorktreeStatus look_at(const Project& project, const git::Repository& repository, const git::Worktree& worktree,
                       const git::LocalRefs& refs, const Environment& environment) {
  WorktreeStatus status;
  status.folder = worktree.folder.string();
  status.own = is_own_tree(project, worktree.folder);
  status.branch = worktree.branch;
  status.unborn = !worktree.branch.empty() && !refs.branches.contains(worktree.branch);
  status.busy = worktree.busy;
  std::error_code away;
  if (!fs::is_directory(worktree.folder, away)) return status;
  git::TreeSeen seen = git::tree_changes(environment, worktree.folder);
  status.changes = seen.changes;
  if (seen.changes) return status;
  if (status.own) throw Error(ErrorKind::failed, "git status in " + status.folder + ": " + seen.trouble);
  status.message = std::move(seen.trouble);
  const bool linked = worktree.folder != repository.work_folder();
  if (linked) status.hint = git_line(project, {"worktree", "repair"});
  return status;
}

std::vector<WorktreeStatus> worktrees_of(const Project& project, const git::Repository& repository, const View& view,
                                         const Environment& environment) {
  std::vector<WorktreeStatus> all;
  for (const git::Worktree& worktree : view.worktrees.all) {
    all.push_back(look_at(project, repository, worktree, view.local, environment));
  }
  std::ranges::sort(all, [](const WorktreeStatus& one, const WorktreeStatus& other) {
    return std::tie(other.own, one.folder) < std::tie(one.own, other.folder);
  });
  return all;
}

/// There is no repository at the project's path.
void tell_missing(const Project& project, ProjectOutcome& outcome, ProjectStatus& status) {
  status.state = ProjectState::not_cloned;
  require_room_for_clone(project.path);
  const bool push_only = project.direction == Direction::push;
  outcome.message = push_only ? "no repository here yet" : "not cloned yet";
  outcome.hint = push_only ? "git init " + shell_word(project.path.string()) : "sync-pull " + shell_word(project.name);
}

void look_into(const Project& project, const git::Repository& repository, const Environment& environment,
               ProjectOutcome& outcome, ProjectStatus& status) {
  View view = view_of(project, repository, {});
  view.server = last_seen(view.local);
  Forecast told = forecast(project, view, repository);
  outcome.branches = std::move(told.outcomes);
  status.branches = std::move(told.branches);
  if (view.base.tips.empty() && view.local.tracking.empty()) status.state = ProjectState::never_synced;
  status.stashes = count_stashes(repository);
  for (const auto& [branch, tip] : view.local.parked) status.parked.push_back({.branch = branch, .tip = tip});
  status.rescued = rescued_in(project, repository, view.local);
  status.worktrees = worktrees_of(project, repository, view, environment);
}

void look_at_repository(const Project& project, const Environment& environment, ProjectOutcome& outcome,
                        ProjectStatus& status) {
  if (const auto repository = git::Repository::open(project.path)) {
    look_into(project, *repository, environment, outcome, status);
  } else {
    tell_missing(project, outcome, status);
  }
  conclude(outcome, status);
}

void look_at(const Project& project, const Environment& environment, ProjectOutcome& outcome, ProjectStatus& status) {
  try {
    if (project.client == Client::git) {
      look_at_repository(project, environment, outcome, status);
    } else {
      look_at_folder(project, environment, outcome, status);
    }
  } catch (const Error& error) {
    fail(outcome, error);
    if (status.state != ProjectState::not_cloned) status.state = ProjectState::unreadable;
  }
}

QueuedStatus queued_status(const queue::Entry& entry, const Work& work, const Tries& tries) {
  QueuedStatus status{.event = std::string(to_string(entry.token->event)),
                      .since = entry.token->since,
                      .attempts = 0,
                      .next_try = {},
                      .reason = {}};
  const auto known = tries.find(work.git_folder);
  if (known == tries.end()) return status;
  status.attempts = known->second.failures;
  status.next_try = known->second.next;
  status.reason = known->second.reason;
  return status;
}

/// Adds what waits in the queue.
void look_at_queue(const std::vector<Project>& projects, std::vector<ProjectStatus>& statuses,
                   const Environment& environment) {
  const std::vector<Work> works = gather(queue::waiting(queue::queue_folder(environment.state_folder())));
  if (works.empty()) return;
  const Tries tries = read_tries(environment);
  const ProjectsByFolder by_folder = projects_by_folder(projects);
  for (const Work& work : works) {
    const std::vector<std::string> repeated = superfluous(work);
    for (const queue::Entry& entry : work.entries) {
      if (!entry.token || std::ranges::find(repeated, entry.name) != repeated.end()) continue;
      for (const Project* const project : concerned(work, entry, by_folder)) {
        statuses[static_cast<std::size_t>(project - projects.data())].queued.push_back(
            queued_status(entry, work, tries));
      }
    }
  }
}

/// Adds to what the project tells already.
void wait_for_a_person(ProjectOutcome& outcome, const std::string& message, const std::string& hint) {
  outcome.status = Status::attention;
  outcome.message = message;
  outcome.hint = hint.empty() ? "sync-now " + shell_word(outcome.name) : hint;
}

bool failed(const LastRun& run) {
  return run.status == Status::failed || run.status == Status::auth;
}

/// Whether a run would come again to what stopped the last one at this branch: changed files in the way, a merge in
/// conflict, or another branch's name.
bool stands_as_left(const ProjectOutcome& outcome, const std::string& branch) {
  return std::ranges::any_of(outcome.branches, [&](const BranchOutcome& told) {
    const bool to_move = told.result == Result::ok && told.action != Done::none;
    return told.name == branch && to_move && (told.side == Side::local || told.action == Done::create);
  });
}

/// Whether the last run left something that waits still, as far as can be known.
bool waits_still(const ProjectOutcome& outcome, const LastRun& run) {
  if (run.status != Status::attention || run.message.empty()) return false;
  return run.branch.empty() || stands_as_left(outcome, run.branch);
}

}  // namespace

void conclude(ProjectOutcome& outcome, ProjectStatus& status) {
  outcome.status = status_of(outcome);
  if (outcome.status == Status::failed) {
    status.state = ProjectState::unreadable;
    return;
  }
  const bool at_rest = outcome.status == Status::ok && !changed(outcome);
  if (status.last_run && failed(*status.last_run)) {
    wait_for_a_person(outcome, "the last sync failed: " + status.last_run->message, status.last_run->hint);
  } else if (status.last_run && waits_still(outcome, *status.last_run)) {
    wait_for_a_person(outcome, "left by the last sync: " + status.last_run->message, status.last_run->hint);
  }
  if (status.state == ProjectState::not_cloned) return;
  if (outcome.status == Status::attention) {
    status.state = ProjectState::attention;
  } else if (status.state == ProjectState::in_sync && !at_rest) {
    status.state = ProjectState::pending;
  }
}

StatusReport status(const std::vector<Project>& projects, unsigned jobs, const Environment& environment) {
  const git::Library library;
  const auto begin = std::chrono::steady_clock::now();
  StatusReport report;
  report.run.started = std::chrono::system_clock::now();
  report.run.dry_run = true;
  report.projects.resize(projects.size());
  const LastRuns last_runs = read_last_runs(environment);
  for (std::size_t i = 0; i < projects.size(); ++i) {
    const ProjectOutcome& outcome = report.run.projects.emplace_back(blank_outcome(projects[i]));
    const auto known = last_runs.find(key_of(outcome));
    if (known != last_runs.end()) report.projects[i].last_run = known->second;
  }
  std::atomic<std::size_t> places = 0;
  const auto work = [&] {
    for (std::size_t i = places++; i < projects.size(); i = places++) {
      const auto start = std::chrono::steady_clock::now();
      look_at(projects[i], environment, report.run.projects[i], report.projects[i]);
      report.run.projects[i].seconds = std::chrono::steady_clock::now() - start;
    }
  };
  look_at_queue(projects, report.projects, environment);
  {
    std::vector<std::jthread> threads;
    const std::size_t wanted = std::min<std::size_t>(jobs, projects.size());
    while (threads.size() + 1 < wanted && start(threads, work)) continue;
    work();
  }
  report.run.seconds = std::chrono::steady_clock::now() - begin;
  return report;
}

void add_troubles(StatusReport& report, const RunReport& fetched) {
  report.run.interrupted = fetched.interrupted;
  for (std::size_t i = 0; i < fetched.projects.size(); ++i) {
    const ProjectOutcome& fetch = fetched.projects[i];
    ProjectOutcome& outcome = report.run.projects[i];
    const bool trouble = fetch.status != Status::ok && fetch.status != Status::skipped;
    if (!trouble || outcome.status == Status::skipped) continue;
    outcome.status = fetch.status;
    const Complaint complaint = complaint_of(fetch);
    outcome.message = "fetch: " + complaint.message;
    outcome.hint = complaint.hint;
  }
}

}  // namespace syncmanager::sync
