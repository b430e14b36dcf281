#include "git/repository.hpp"

#include <string_view>
#include <vector>

#include "base/escape.hpp"
#include "base/file.hpp"
#include "git/cut_history.hpp"
#include "git/oid.hpp"
#include "git/patience.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

/// Who holds an alias holds what it stands for.
template <class Value>
void add_aliased(git_repository* repository, std::map<std::string, Value, std::less<>>& held) {
  const auto names = held;
  for (const auto& [name, value] : names) {
    const std::string target = aliased(repository, name);
    if (!target.empty()) held.emplace(target, value);
  }
}

/// git-config(1), safe.directory. Where that is not set at all, libgit2 says that it has not found the setting.
bool is_of_another_user(int code) {
  const git_error* const error = git_error_last();
  return code == GIT_EOWNER || (code == GIT_ENOTFOUND && error != nullptr && error->klass == GIT_ERROR_CONFIG);
}

/// git itself refuses to make some branches that a server may hold (git-check-ref-format(1) --branch).
bool nameable(std::string_view ref) {
  const std::string_view heads = heads_prefix;
  if (!ref.starts_with(heads)) return true;
  int valid = 0;
  const std::string branch(ref.substr(heads.size()));
  return git_branch_name_is_valid(&valid, branch.c_str()) == 0 && valid == 1;
}

}  // namespace

std::optional<Repository> Repository::open(const fs::path& path) {
  const std::string act = "open repository " + path.string();
  git_repository* opened = nullptr;
  const int code = git_repository_open_ext(&opened, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  if (is_of_another_user(code)) {
    throw Error(ErrorKind::failed, act + ": it belongs to another user",
                "where you trust it: git config --global --add safe.directory " + shell_quote(path.string()));
  }
  if (code == GIT_ENOTFOUND) return std::nullopt;
  // SHA-256 names or reftable: "unsupported extension name extensions.objectformat"
  if (code < 0 && last_error().starts_with("unsupported")) {
    throw Error(ErrorKind::failed, act + ": " + last_error(),
                "libgit2 can't read this kind of repository yet: use git itself for it");
  }
  check(code, act);
  return Repository(Handle<git_repository>(opened));
}

fs::path Repository::git_folder() const {
  return git_repository_commondir(handle_.get());
}

fs::path Repository::folder() const {
  const char* const tree = git_repository_workdir(handle_.get());
  return tree != nullptr ? tree : git_repository_path(handle_.get());
}

fs::path Repository::work_folder() const {
  // Of a linked worktree the main one is asked for: it stands beside the common git folder.
  if (git_repository_is_worktree(handle_.get()) != 0) {
    const auto main = open(git_folder());
    return main ? main->work_folder() : fs::path();
  }
  const char* folder = git_repository_workdir(handle_.get());
  return folder != nullptr ? fs::path(folder) : fs::path();
}

LocalRefs Repository::refs(const std::string& remote) const {
  return read_local_refs(get(), git_folder(), remote);
}

RefMap Repository::refs_below(const std::string& prefix) const {
  RefMap refs;
  read_direct_refs(get(), prefix, refs);
  return refs;
}

Worktrees Repository::worktrees() const {
  Worktrees worktrees = read_worktrees(git_folder(), work_folder());
  add_aliased(get(), worktrees.checked_out);
  add_aliased(get(), worktrees.busy);
  return worktrees;
}

std::optional<Oid> Repository::tip(const std::string& name) const {
  if (git_reference_is_valid_name(name.c_str()) == 0) return std::nullopt;
  const auto reference = find<git_reference>("read " + name, git_reference_lookup, get(), name.c_str());
  const git_oid* const target = reference ? git_reference_target(reference.get()) : nullptr;
  return target != nullptr ? std::optional(from_git(*target)) : std::nullopt;
}

bool Repository::absent(const std::string& name) const {
  if (git_reference_is_valid_name(name.c_str()) == 0) return true;
  return !find<git_reference>("read " + name, git_reference_lookup, get(), name.c_str());
}

bool Repository::has(const Oid& object) const {
  const auto odb = make<git_odb>("open objects", git_repository_odb, get());
  const git_oid id = to_git(object);
  return git_odb_exists(odb.get(), &id) == 1;
}

bool Repository::is_commit(const Oid& object) const {
  const git_oid id = to_git(object);
  const auto found = find<git_object>("read " + object.short_hex(), git_object_lookup, get(), &id, GIT_OBJECT_ANY);
  return found && git_object_type(found.get()) == GIT_OBJECT_COMMIT;
}

Relation Repository::relation(const Oid& first, const Oid& second) const {
  if (first == second) return Relation::same;
  if (is_cut(*this)) {
    if (ancestors_here(*this, second).contains(first)) return Relation::before;
    return ancestors_here(*this, first).contains(second) ? Relation::after : Relation::unrelated;
  }
  const git_oid a = to_git(first);
  const git_oid b = to_git(second);
  const std::string act = "compare " + first.short_hex() + " with " + second.short_hex();
  const int second_after = git_graph_descendant_of(get(), &b, &a);
  check(second_after, act);
  if (second_after == 1) return Relation::before;
  const int first_after = git_graph_descendant_of(get(), &a, &b);
  check(first_after, act);
  return first_after == 1 ? Relation::after : Relation::unrelated;
}

Distance Repository::distance(const Oid& first, const Oid& second) const {
  if (is_cut(*this)) {
    return {.ahead = commits_here(*this, first, second).size(), .behind = commits_here(*this, second, first).size()};
  }
  const git_oid a = to_git(first);
  const git_oid b = to_git(second);
  Distance distance;
  check(git_graph_ahead_behind(&distance.ahead, &distance.behind, get(), &a, &b),
        "compare " + first.short_hex() + " with " + second.short_hex());
  return distance;
}

/// For reflogs libgit2 asks the configuration who the user is, and copies all of it, the sections of all branches as
/// well, for each ref that moves: for many refs that is asked once.
void Repository::settle_identity() {
  if (identity_settled_) return;
  identity_settled_ = true;
  git_signature* found = nullptr;
  if (git_signature_default(&found, get()) != 0) return;  // libgit2 writes "unknown" then
  const Handle<git_signature> user(found);
  check(git_repository_set_ident(get(), user->name, user->email), "set the identity for reflogs");
}

Moved Repository::move_ref(const std::string& name, const std::optional<Oid>& from, const Oid& to,
                           const std::string& log) {
  if (git_reference_is_valid_name(name.c_str()) == 0 || !nameable(name)) return Moved::bad_name;
  if (new_refs_ && !from) return new_refs_->add(get(), name, to) ? Moved::yes : Moved::name_clash;
  settle_identity();
  const git_oid id = to_git(to);
  // Without `force`, libgit2 looks for a ref of this name before it takes the ref's lock. The expected id is compared
  // under the lock; zeros expect that there is none.
  const git_oid old = from ? to_git(*from) : git_oid{};
  constexpr int force = 1;
  const int code = with_patience([&] {
    git_reference* made = nullptr;
    const int result = git_reference_create_matching(&made, get(), name.c_str(), &id, force, &old, log.c_str());
    git_reference_free(made);
    return result;
  });
  if (code == GIT_EMODIFIED || (code == GIT_ENOTFOUND && from)) return Moved::stale;
  if (code < 0 && !from) {
    // libgit2 has no code for it, and to look before would be to read all refs for each new one.
    const Error error = failure(code, "make " + name);
    if (has_clashing_ref(get(), name)) return Moved::name_clash;
    throw error;
  }
  check(code, "set " + name + " to " + to.short_hex());
  return Moved::yes;
}

void Repository::gather_new_refs() {
  const auto head = make<git_reference>("read HEAD", git_reference_lookup, get(), "HEAD");
  new_refs_.emplace(git_reference_symbolic_target(head.get()));
}

void Repository::write_new_refs() {
  if (!new_refs_) return;
  AtomicFile file(git_folder() / "packed-refs");
  file.write(new_refs_->packed());
  file.commit();
  new_refs_.reset();
}

Moved Repository::delete_ref(const std::string& name, const Oid& from) {
  const std::string act = "delete " + name;
  const std::string folder = git_repository_path(get());
  // By a handle of its own each time: where somebody holds the lock of packed-refs, libgit2 1.5 forgets the ref all the
  // same, and this handle would tell from then on that it is gone.
  const int code = with_patience([&] {
    const auto fresh = make<git_repository>(act, git_repository_open, folder.c_str());
    const auto reference = find<git_reference>("read " + name, git_reference_lookup, fresh.get(), name.c_str());
    const git_oid* target = reference ? git_reference_target(reference.get()) : nullptr;
    const bool is_there = target != nullptr && from_git(*target) == from;
    return is_there ? git_reference_delete(reference.get()) : static_cast<int>(GIT_EMODIFIED);
  });
  if (code == GIT_EMODIFIED) return Moved::stale;
  check(code, act);
  return Moved::yes;
}

void Repository::set_symbolic_ref(const std::string& name, const std::string& target, const std::string& log) {
  const int code = with_patience([&] {
    git_reference* made = nullptr;
    const int result = git_reference_symbolic_create(&made, get(), name.c_str(), target.c_str(), 1, log.c_str());
    git_reference_free(made);
    return result;
  });
  check(code, "set " + name + " to " + target);
}

std::optional<std::string> Repository::own_setting(const std::string& key) const {
  const auto all = make<git_config>("read configuration", git_repository_config, get());
  const auto own = find<git_config>("read configuration", git_config_open_level, all.get(), GIT_CONFIG_LEVEL_LOCAL);
  if (!own) return std::nullopt;
  const auto entry = find<git_config_entry>("read " + key, git_config_get_entry, own.get(), key.c_str());
  if (!entry) return std::nullopt;
  return entry->value != nullptr ? entry->value : "";
}

void Repository::set_setting(const std::string& key, const std::string& value) {
  const auto all = make<git_config>("read configuration", git_repository_config, get());
  const auto own = make<git_config>("open configuration", git_config_open_level, all.get(), GIT_CONFIG_LEVEL_LOCAL);
  check(with_patience([&] { return git_config_set_string(own.get(), key.c_str(), value.c_str()); }), "set " + key);
}

}  // namespace syncmanager::git
