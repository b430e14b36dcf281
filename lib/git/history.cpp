#include "git/history.hpp"

#include <algorithm>
#include <cstdint>

#include "git/cut_history.hpp"
#include "git/oid.hpp"

namespace syncmanager::git {

namespace {

/// Calls `visit` with the commits that lead to `tip`, but not to `other`, the newest first, until it returns false.
template <class Visit>
void walk(const Repository& repository, const Oid& tip, const Oid& other, Visit visit) {
  if (is_cut(repository)) {
    for (const auto& commit : commits_here(repository, tip, other)) {
      if (!visit(*commit)) return;
    }
    return;
  }
  const std::string act = "look through the commits before " + tip.short_hex();
  const auto walk = make<git_revwalk>(act, git_revwalk_new, repository.get());
  const git_oid from = to_git(tip);
  const git_oid without = to_git(other);
  check(git_revwalk_push(walk.get(), &from), act);
  check(git_revwalk_hide(walk.get(), &without), act);
  git_oid next{};
  int code = 0;
  while ((code = git_revwalk_next(&next, walk.get())) == 0) {
    const auto commit = make<git_commit>(act, git_commit_lookup, repository.get(), &next);
    if (!visit(*commit)) return;
  }
  if (code != GIT_ITEROVER) check(code, act);
}

/// A commit may hold any number as its date: what no calendar shows becomes its first or last day, in every zone.
std::chrono::sys_seconds shown_time(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr sys_seconds first = sys_days(year(1) / 1 / 2);
  constexpr sys_seconds last = sys_days(year(9999) / 12 / 30);
  return std::clamp(sys_seconds(std::chrono::seconds(seconds)), first, last);
}

/// From UTC; less than a day, as ISO 8601 has it.
std::chrono::minutes shown_offset(int minutes) {
  constexpr std::chrono::minutes most = std::chrono::hours(24) - std::chrono::minutes(1);
  return std::clamp(std::chrono::minutes(minutes), -most, most);
}

CommitNote note_of(git_commit& commit, Side side) {
  CommitNote note;
  note.side = side;
  note.id = from_git(*git_commit_id(&commit));
  if (const git_signature* author = git_commit_author(&commit)) {
    note.author = author->name;
    note.time = shown_time(author->when.time);
    note.offset = shown_offset(author->when.offset);
  }
  const char* subject = git_commit_summary(&commit);
  if (subject != nullptr) note.subject = subject;
  return note;
}

}  // namespace

std::string own_email(const Repository& repository) {
  const auto all = make<git_config>("read configuration", git_repository_config, repository.get());
  const auto settings = make<git_config>("read configuration", git_config_snapshot, all.get());
  const char* email = nullptr;
  if (git_config_get_string(&email, settings.get(), "user.email") != 0) return {};
  return email;
}

bool all_committed_by(const Repository& repository, const std::string& email, const Oid& lost, const Oid& kept) {
  bool all = true;
  walk(repository, lost, kept, [&](git_commit& commit) {
    const git_signature* committer = git_commit_committer(&commit);
    all = committer != nullptr && email == committer->email;
    return all;
  });
  return all;
}

std::vector<CommitNote> newest_commits(const Repository& repository, const Oid& tip, const Oid& other, std::size_t most,
                                       Side side) {
  std::vector<CommitNote> notes;
  walk(repository, tip, other, [&](git_commit& commit) {
    notes.push_back(note_of(commit, side));
    return notes.size() < most;
  });
  return notes;
}

std::string subject(const Repository& repository, const Oid& commit) {
  const git_oid id = to_git(commit);
  git_commit* found = nullptr;
  const int code = git_commit_lookup(&found, repository.get(), &id);
  const Handle<git_commit> read(found);
  const char* const summary = code == 0 ? git_commit_summary(found) : nullptr;
  return summary != nullptr ? summary : "";
}

}  // namespace syncmanager::git
