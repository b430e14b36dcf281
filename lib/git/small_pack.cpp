#include "git/small_pack.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <set>
#include <utility>

#include "git/oid.hpp"

namespace syncmanager::git {

namespace {

using Trees = std::vector<Handle<git_tree>>;

/// What the other side lacks, as far as it is little.
class Lacking {
 public:
  Lacking(git_repository* repository, const std::vector<Oid>& there)
      : repository_(repository),
        odb_(make<git_odb>("open the objects", git_repository_odb, repository)),
        there_(there.begin(), there.end()) {}

  /// Whether it is known, and little.
  bool find(const std::vector<Oid>& wanted) {
    std::deque<Oid> commits(wanted.begin(), wanted.end());
    std::size_t looked_at = 0;
    while (!commits.empty()) {
      const Oid commit = commits.front();
      commits.pop_front();
      if (there_.contains(commit) || objects_.contains(commit)) continue;
      if (++looked_at > most_commits || !add(to_git(commit)) || !add_commit(commit, commits)) return false;
    }
    return !objects_.empty();
  }

  [[nodiscard]] const std::set<Oid>& objects() const { return objects_; }

 private:
  // Where git would find better deltas, or compress with several threads, the time that it takes to start is no matter.
  static constexpr std::size_t most_commits = 16;
  static constexpr std::size_t most_objects = 64;
  // What changes goes whole from here, where git sends the difference: no more than comes to what TCP sends at once.
  static constexpr std::size_t most_bytes = std::size_t{32} * 1024;

  /// Its files, as far as its parents have not got them; those are to be looked at too.
  bool add_commit(const Oid& oid, std::deque<Oid>& parents) {
    const auto commit = read<git_commit>(git_commit_lookup, to_git(oid));
    if (!commit) return false;
    Trees before;
    for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i) {
      const git_oid& id = *git_commit_parent_id(commit.get(), i);
      const auto parent = read<git_commit>(git_commit_lookup, id);
      if (!parent || !read_tree(*git_commit_tree_id(parent.get()), before)) return false;
      parents.push_back(from_git(id));
    }
    return add_tree(*git_commit_tree_id(commit.get()), before);
  }

  /// `before` stand in its place at the other side.
  bool add_tree(const git_oid& id, const Trees& before) {
    const auto is_it = [&](const Handle<git_tree>& tree) { return git_oid_equal(git_tree_id(tree.get()), &id) != 0; };
    if (std::ranges::any_of(before, is_it) || objects_.contains(from_git(id))) return true;
    const auto tree = read<git_tree>(git_tree_lookup, id);
    if (!tree || !add(id)) return false;
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      if (!add_entry(*git_tree_entry_byindex(tree.get(), i), before)) return false;
    }
    return true;
  }

  bool add_entry(const git_tree_entry& entry, const Trees& before) {
    const git_oid& id = *git_tree_entry_id(&entry);
    const git_object_t type = git_tree_entry_type(&entry);
    if (type == GIT_OBJECT_COMMIT) return true;  // of a submodule, whose objects are in another repository
    Trees folders;
    for (const Handle<git_tree>& tree : before) {
      const git_tree_entry* const old = git_tree_entry_byname(tree.get(), git_tree_entry_name(&entry));
      // A submodule's commit may have the id of a file: that one is not there.
      if (old == nullptr || git_tree_entry_type(old) == GIT_OBJECT_COMMIT) continue;
      if (git_oid_equal(git_tree_entry_id(old), &id) != 0) return true;
      const bool both_folders = type == GIT_OBJECT_TREE && git_tree_entry_type(old) == GIT_OBJECT_TREE;
      if (both_folders && !read_tree(*git_tree_entry_id(old), folders)) return false;
    }
    if (type == GIT_OBJECT_TREE) return add_tree(id, folders);
    return objects_.contains(from_git(id)) || add(id);
  }

  /// False where it is not here.
  bool read_tree(const git_oid& id, Trees& trees) const {
    auto tree = read<git_tree>(git_tree_lookup, id);
    if (!tree) return false;
    trees.push_back(std::move(tree));
    return true;
  }

  /// Null where it is not here, or something else, or nothing that libgit2 can read: git sends commits without an
  /// author.
  template <class T, class Lookup>
  [[nodiscard]] Handle<T> read(Lookup lookup, const git_oid& id) const {
    T* object = nullptr;
    return Handle<T>(lookup(&object, repository_, &id) == 0 ? object : nullptr);
  }

  /// False where it is too much, or not here.
  bool add(const git_oid& id) {
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (objects_.size() == most_objects || git_odb_read_header(&size, &type, odb_.get(), &id) != 0) return false;
    objects_.insert(from_git(id));
    bytes_ += size;
    return bytes_ <= most_bytes;
  }

  git_repository* repository_;
  Handle<git_odb> odb_;
  std::set<Oid> there_;
  std::set<Oid> objects_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::optional<SmallPack> small_pack(const Repository& repository, const std::vector<Oid>& wanted,
                                    const std::vector<Oid>& there) {
  Lacking lacking(repository.get(), there);
  if (!lacking.find(wanted)) return std::nullopt;
  const auto builder = make<git_packbuilder>("begin a pack", git_packbuilder_new, repository.get());
  for (const Oid& object : lacking.objects()) {
    const git_oid id = to_git(object);
    check(git_packbuilder_insert(builder.get(), &id, nullptr), "add an object to a pack");
  }
  SmallPack pack{.bytes = {}, .objects = lacking.objects().size()};
  const auto append = [](void* data, std::size_t size, void* text) noexcept {
    static_cast<std::string*>(text)->append(static_cast<const char*>(data), size);
    return 0;
  };
  check(git_packbuilder_foreach(builder.get(), append, &pack.bytes), "make a pack");
  return pack;
}

}  // namespace syncmanager::git
