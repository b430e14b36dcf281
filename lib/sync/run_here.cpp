#include "sync/run_here.hpp"

#include <chrono>

#include "git/library.hpp"
#include "sync/recovery.hpp"
#include "sync/repository_lock.hpp"

namespace syncmanager::sync {

namespace {

void act_on(const Project& project, bool dry_run, const Environment& environment, const ActHere& act,
            ProjectOutcome& outcome) {
  auto repository = git::Repository::open(project.path);
  if (!repository) {
    throw Error(ErrorKind::failed, "there is no repository at " + project.path.string(), "run sync-pull to clone it");
  }
  constexpr std::chrono::seconds wait(10);
  auto lock = lock_repository(environment, repository->git_folder(), wait);
  if (!lock) throw locked_by_another(environment, repository->git_folder());
  const std::string recovered = dry_run ? "" : recover(environment, *repository, *lock, wait);
  act(project, *repository, outcome);
  note(outcome, recovered);
}

}  // namespace

RunReport run_here(const std::vector<Project>& projects, bool dry_run, const Environment& environment,
                   const std::string& only_git, const ActHere& act) {
  const git::Library library;
  const auto begin = std::chrono::steady_clock::now();
  RunReport report;
  report.started = std::chrono::system_clock::now();
  report.dry_run = dry_run;
  for (const Project& project : projects) {
    ProjectOutcome& outcome = report.projects.emplace_back(blank_outcome(project));
    if (project.client != Client::git) {
      outcome.status = Status::skipped;
      outcome.message = only_git;
      continue;
    }
    try {
      act_on(project, dry_run, environment, act, outcome);
    } catch (const Error& error) {
      fail(outcome, error);
    }
  }
  report.seconds = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace syncmanager::sync
