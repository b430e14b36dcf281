#include "sync/run_here.hpp"

#include <chrono>
#include <exception>
#include <string>

#include "git/library.hpp"
#include "sync/project_lock.hpp"
#include "sync/recovery.hpp"

namespace syncmanager::sync {

namespace {

void act_on(const LocalRequest& request, const Project& project, const Environment& environment, NotCloned not_cloned,
            const ActHere& act, ProjectOutcome& outcome) {
  auto repository = git::Repository::open(project.path);
  if (!repository) {
    if (not_cloned == NotCloned::is_fine) return;
    throw Error(ErrorKind::failed, "there is no repository at " + project.path.string(), "run sync-pull to clone it");
  }
  auto lock = lock_project(environment, repository->git_folder(), request.lock_timeout, request.interrupt);
  if (!lock) throw locked_by_another(environment, repository->git_folder());
  const std::string recovered = request.dry_run ? "" : recover(environment, *repository, *lock, request.lock_timeout);
  act(project, *repository, outcome);
  note(outcome, recovered);
}

/// What `act` throws is the project's.
RunReport run_for_each(const LocalRequest& request, const std::string& only_git,
                       const std::function<void(const Project&, ProjectOutcome&)>& act) {
  const git::Library library;
  const auto begin = std::chrono::steady_clock::now();
  RunReport report;
  report.started = std::chrono::system_clock::now();
  report.dry_run = request.dry_run;
  for (const Project& project : request.projects) {
    ProjectOutcome& outcome = report.projects.emplace_back(blank_outcome(project));
    if (project.client != Client::git) {
      outcome.status = Status::skipped;
      outcome.message = only_git;
      continue;
    }
    try {
      stop_if(request.interrupt);
      act(project, outcome);
    } catch (const Error& error) {
      fail(outcome, error);
    } catch (const std::exception& error) {
      fail(outcome, Error(ErrorKind::failed, error.what()));
    }
  }
  report.interrupted = request.interrupt != nullptr && request.interrupt->requested();
  report.seconds = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace

RunReport run_here(const LocalRequest& request, const Environment& environment, const std::string& only_git,
                   NotCloned not_cloned, const ActHere& act) {
  return run_for_each(request, only_git, [&](const Project& project, ProjectOutcome& outcome) {
    act_on(request, project, environment, not_cloned, act, outcome);
  });
}

RunReport look_here(const LocalRequest& request, const std::string& only_git, const LookHere& look) {
  return run_for_each(request, only_git, [&](const Project& project, ProjectOutcome& outcome) {
    const auto repository = git::Repository::open(project.path);
    if (repository) look(project, *repository, outcome);
  });
}

}  // namespace syncmanager::sync
