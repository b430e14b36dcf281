#include "git/push_size.hpp"

#include <cstdint>

#include "git/handle.hpp"
#include "git/oid.hpp"

namespace syncmanager::git {

namespace {

// Below that, what a git child and its own ssh login cost is more than what libgit2's search for deltas does.
constexpr std::size_t many_files = 1'000;
constexpr std::uint64_t many_bytes = std::uint64_t{2} * 1024 * 1024;
constexpr std::size_t many_commits = 1'000;

struct Amount {
  git_odb* odb = nullptr;
  std::size_t commits = 0;
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  [[nodiscard]] bool big() const { return commits > many_commits || files > many_files || bytes > many_bytes; }
};

/// For git_diff_options.notify_cb: counts a file that is new or changed, keeps no list of them, and stops early.
int count_file(const git_diff* /*so_far*/, const git_diff_delta* delta, const char* /*pattern*/,
               void* payload) noexcept {
  constexpr int leave_out = 1;
  Amount& amount = *static_cast<Amount*>(payload);
  if (delta->status == GIT_DELTA_DELETED || delta->new_file.mode == GIT_FILEMODE_COMMIT) return leave_out;
  ++amount.files;
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, amount.odb, &delta->new_file.id) == 0) amount.bytes += size;
  return amount.big() ? GIT_EUSER : leave_out;
}

void count_commit(git_repository* repository, const git_oid& id, Amount& amount) {
  ++amount.commits;
  const auto commit = make<git_commit>("read a commit", git_commit_lookup, repository, &id);
  const auto tree = make<git_tree>("read a tree", git_commit_tree, commit.get());
  Handle<git_tree> before;
  if (git_commit_parentcount(commit.get()) > 0) {
    // A shallow clone lacks the parents of its first commits.
    const auto parent = find<git_commit>("read a commit", git_commit_parent, commit.get(), 0U);
    if (parent) before = make<git_tree>("read a tree", git_commit_tree, parent.get());
  }
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.notify_cb = count_file;
  options.payload = &amount;
  git_diff* made = nullptr;
  const int code = git_diff_tree_to_tree(&made, repository, before.get(), tree.get(), &options);
  const Handle<git_diff> diff(made);
  if (code != GIT_EUSER) check(code, "compare two trees");
}

}  // namespace

bool is_big_push(const Repository& repository, const std::vector<PushedRef>& refs) {
  const auto walk = make<git_revwalk>("walk the history", git_revwalk_new, repository.get());
  for (const PushedRef& ref : refs) {
    const git_oid to = to_git(ref.to);
    git_revwalk_push(walk.get(), &to);  // a tag of a file is no commit, and small
    if (!ref.from || !repository.has(*ref.from)) continue;
    const git_oid from = to_git(*ref.from);
    git_revwalk_hide(walk.get(), &from);
  }
  git_revwalk_hide_glob(walk.get(), "refs/remotes");
  const auto odb = make<git_odb>("open objects", git_repository_odb, repository.get());
  Amount amount{.odb = odb.get()};
  git_oid id{};
  while (!amount.big() && git_revwalk_next(&id, walk.get()) == 0) count_commit(repository.get(), id, amount);
  return amount.big();
}

}  // namespace syncmanager::git
