#include "git/history.hpp"

#include "git/oid.hpp"

namespace syncmanager::git {

std::string own_email(const Repository& repository) {
  const auto all = make<git_config>("read configuration", git_repository_config, repository.get());
  const auto settings = make<git_config>("read configuration", git_config_snapshot, all.get());
  const char* email = nullptr;
  if (git_config_get_string(&email, settings.get(), "user.email") != 0) return {};
  return email;
}

bool all_committed_by(const Repository& repository, const std::string& email, const Oid& lost, const Oid& kept) {
  const std::string act = "look through the commits before " + lost.short_hex();
  const auto walk = make<git_revwalk>(act, git_revwalk_new, repository.get());
  const git_oid from = to_git(lost);
  const git_oid without = to_git(kept);
  check(git_revwalk_push(walk.get(), &from), act);
  check(git_revwalk_hide(walk.get(), &without), act);
  git_oid next{};
  int code = 0;
  while ((code = git_revwalk_next(&next, walk.get())) == 0) {
    const auto commit = make<git_commit>(act, git_commit_lookup, repository.get(), &next);
    const git_signature* committer = git_commit_committer(commit.get());
    if (committer == nullptr || email != committer->email) return false;
  }
  if (code != GIT_ITEROVER) check(code, act);
  return true;
}

}  // namespace syncmanager::git
