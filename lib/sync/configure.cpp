#include <chrono>
#include <string>
#include <vector>

#include "git/library.hpp"
#include "git/repository.hpp"
#include "sync/repository_lock.hpp"
#include "sync/runner.hpp"

namespace syncmanager::sync {

namespace {

/// Brings one repository's own configuration to what the conf file says, and tells what it changed.
class Settings {
 public:
  Settings(git::Repository& repository, bool dry_run) : repository_(repository), dry_run_(dry_run) {}

  void want(const std::string& key, const std::string& value) {
    if (repository_.own_setting(key) == value) return;
    if (!dry_run_) repository_.set_setting(key, value);
    if (!changes_.empty()) changes_ += "\n";
    changes_ += key + " = " + value;
  }

  void want_if_unset(const std::string& key, const std::string& value) {
    if (!repository_.own_setting(key)) want(key, value);
  }

  [[nodiscard]] const std::string& changes() const { return changes_; }

 private:
  git::Repository& repository_;
  bool dry_run_;
  std::string changes_;
};

std::string configure_git(const Project& project, git::Repository& repository, bool dry_run) {
  Settings settings(repository, dry_run);
  const std::string remote = "remote." + project.remote + ".";
  // A password stays in the conf file, and where somebody has put it.
  const bool as_written = repository.own_setting(remote + "url") == project.url.text;
  if (!as_written) settings.want(remote + "url", without_password(project.url.text));
  settings.want_if_unset(remote + "fetch", "+refs/heads/*:refs/remotes/" + project.remote + "/*");
  if (project.user_name) settings.want("user.name", *project.user_name);
  if (project.user_email) settings.want("user.email", *project.user_email);
  const git::LocalRefs refs = repository.refs(project.remote);
  for (const auto& [branch, tip] : refs.branches) {
    const std::string key = "branch." + branch + ".";
    const bool tracked = refs.tracking.contains(branch) && project.branches.selects(branch);
    if (!tracked || repository.own_setting(key + "merge")) continue;
    settings.want(key + "remote", project.remote);
    settings.want(key + "merge", git::heads_prefix + branch);
  }
  return settings.changes();
}

void configure_project(const Project& project, bool dry_run, const Environment& environment, ProjectOutcome& outcome) {
  if (project.client != Client::git) {
    outcome.status = Status::skipped;
    outcome.message = "only git projects have something to set";
    return;
  }
  auto repository = git::Repository::open(project.path);
  if (!repository) {
    throw Error(ErrorKind::failed, "there is no repository at " + project.path.string(), "run sync-pull to clone it");
  }
  constexpr std::chrono::seconds wait(10);
  const auto lock = lock_repository(environment, repository->git_folder(), wait);
  if (!lock) throw locked_by_another(environment, repository->git_folder());
  outcome.message = configure_git(project, *repository, dry_run);
}

}  // namespace

RunReport configure(const std::vector<Project>& projects, bool dry_run, const Environment& environment) {
  const git::Library library;
  const auto begin = std::chrono::steady_clock::now();
  RunReport report;
  report.started = std::chrono::system_clock::now();
  report.dry_run = dry_run;
  for (const Project& project : projects) {
    ProjectOutcome& outcome = report.projects.emplace_back(blank_outcome(project));
    try {
      configure_project(project, dry_run, environment, outcome);
    } catch (const Error& error) {
      fail(outcome, error);
    }
  }
  report.seconds = std::chrono::steady_clock::now() - begin;
  return report;
}

}  // namespace syncmanager::sync
