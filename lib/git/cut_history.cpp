#include "git/cut_history.hpp"

#include <algorithm>
#include <utility>

#include "git/oid.hpp"

namespace syncmanager::git {

namespace {

/// Null where it is not here.
Handle<git_commit> commit_of(const Repository& repository, const Oid& oid) {
  const git_oid id = to_git(oid);
  return find<git_commit>("read commit " + oid.short_hex(), git_commit_lookup, repository.get(), &id);
}

/// Calls `visit` with each commit that leads to `tip`, and is neither in `seen` nor behind one that is.
template <class Visit>
void go_through(const Repository& repository, const Oid& tip, std::set<Oid>& seen, Visit visit) {
  std::vector<Oid> next = {tip};
  while (!next.empty()) {
    const Oid oid = next.back();
    next.pop_back();
    if (!seen.insert(oid).second) continue;
    Handle<git_commit> commit = commit_of(repository, oid);
    if (!commit) continue;
    for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i) {
      next.push_back(from_git(*git_commit_parent_id(commit.get(), i)));
    }
    visit(std::move(commit));
  }
}

}  // namespace

bool is_cut(const Repository& repository) {
  return git_repository_is_shallow(repository.get()) == 1;
}

std::set<Oid> ancestors_here(const Repository& repository, const Oid& tip) {
  std::set<Oid> seen;
  go_through(repository, tip, seen, [](const Handle<git_commit>& /*commit*/) {});
  return seen;
}

std::vector<Handle<git_commit>> commits_here(const Repository& repository, const Oid& tip, const Oid& other) {
  std::set<Oid> seen = ancestors_here(repository, other);
  std::vector<Handle<git_commit>> commits;
  go_through(repository, tip, seen, [&](Handle<git_commit>&& commit) { commits.push_back(std::move(commit)); });
  std::ranges::stable_sort(commits, std::ranges::greater(),
                           [](const Handle<git_commit>& commit) { return git_commit_time(commit.get()); });
  return commits;
}

}  // namespace syncmanager::git
