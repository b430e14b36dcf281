#include "git/holders.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "git/oid.hpp"

namespace syncmanager::git {

namespace {

/// Some seconds of a large history.
constexpr std::size_t most_commits = 100'000;
/// By which clocks differ.
constexpr git_time_t slack = 24 * 60 * 60;

/// From the tips of all branches and tags to their ancestors, the newest first.
class HolderWalk {
 public:
  HolderWalk(const Repository& repository, const std::set<Oid>& wanted) : repository_(repository), wanted_(wanted) {
    for (const Oid& commit : wanted) {
      const auto found = commit_of(to_git(commit));
      if (found) oldest_ = std::min(oldest_, git_commit_time(found.get()));
    }
    for (const char* prefix : {heads_prefix, tags_prefix}) {
      for (const auto& [name, tip] : repository.refs_below(prefix)) add_holder({prefix + name, tip});
    }
  }

  std::map<Oid, Holder> run() {
    std::map<Oid, Holder> found;
    for (std::size_t count = 0; !next_.empty() && count < most_commits && found.size() < wanted_.size(); ++count) {
      const auto [time, id, holder] = next_.top();
      next_.pop();
      if (time < oldest_ - slack) break;
      if (wanted_.contains(id)) found.emplace(id, holders_[holder]);
      add_parents(id, holder);
    }
    return found;
  }

 private:
  struct Reached {
    git_time_t time;
    Oid id;
    std::size_t holder;                                ///< its place in holders_
    auto operator<=>(const Reached&) const = default;  // NOLINT(modernize-use-nullptr): it sees a 0 where none stands
  };

  /// Nothing where it is not here, as before the first commit of a shallow clone, or is no commit.
  [[nodiscard]] Handle<git_commit> commit_of(const git_oid& id) const {
    git_commit* commit = nullptr;
    return git_commit_lookup(&commit, repository_.get(), &id) == 0 ? Handle<git_commit>(commit) : nullptr;
  }

  void add(const Handle<git_commit>& commit, std::size_t holder) {
    if (!commit) return;
    const Oid id = from_git(*git_commit_id(commit.get()));
    if (seen_.insert(id).second) next_.push({git_commit_time(commit.get()), id, holder});
  }

  void add_holder(Holder holder) {
    const git_oid id = to_git(holder.tip);
    git_object* object = nullptr;
    if (git_object_lookup(&object, repository_.get(), &id, GIT_OBJECT_ANY) != 0) return;
    const Handle<git_object> tip(object);
    git_object* peeled = nullptr;  // a tag of a tree or a blob contains no commit
    if (git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) != 0) return;
    const Handle<git_object> commit(peeled);
    holders_.push_back(std::move(holder));
    add(commit_of(*git_object_id(peeled)), holders_.size() - 1);
  }

  void add_parents(const Oid& id, std::size_t holder) {
    const auto commit = commit_of(to_git(id));
    const unsigned count = commit ? git_commit_parentcount(commit.get()) : 0;
    for (unsigned i = 0; i < count; ++i) add(commit_of(*git_commit_parent_id(commit.get(), i)), holder);
  }

  const Repository& repository_;
  const std::set<Oid>& wanted_;
  git_time_t oldest_ = std::numeric_limits<git_time_t>::max();
  std::vector<Holder> holders_;
  std::set<Oid> seen_;
  std::priority_queue<Reached> next_;
};

}  // namespace

std::map<Oid, Holder> holders_of(const Repository& repository, const std::set<Oid>& commits) {
  if (commits.empty()) return {};
  return HolderWalk(repository, commits).run();
}

}  // namespace syncmanager::git
