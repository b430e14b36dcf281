#include <string>
#include <vector>

#include "git/repository.hpp"
#include "sync/run_here.hpp"
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

}  // namespace

RunReport configure(const LocalRequest& request, const Environment& environment) {
  return run_here(request, environment, "only git projects have something to set", NotCloned::fails,
                  [&](const Project& project, git::Repository& repository, ProjectOutcome& outcome) {
                    outcome.message = configure_git(project, repository, request.dry_run);
                  });
}

}  // namespace syncmanager::sync
