// One repository on this computer: what its refs say, how commits stand to each other, and refs moved one by one, each
// only from where it was seen. Working trees are `worktree`'s job.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "git/handle.hpp"
#include "git/local_refs.hpp"
#include "git/new_refs.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "model/facts.hpp"

namespace syncmanager::git {

enum class Moved {
  yes,
  stale,       ///< the ref is not where it was seen
  name_clash,  ///< another ref's name is in the way
  bad_name,    ///< git would refuse to make a branch of this name
};

/// How far apart two tips are.
struct Distance {
  std::size_t ahead = 0;   ///< commits that only the first has
  std::size_t behind = 0;  ///< commits that only the second has
};

/// One thread at a time. Every function throws Error(failed | locked).
class Repository {
 public:
  /// Nothing where `path` is no repository (or does not exist). Throws where it is one that can't be read.
  static std::optional<Repository> open(const std::filesystem::path& path);

  [[nodiscard]] git_repository* get() const { return handle_.get(); }
  /// The common git folder, which linked worktrees share.
  [[nodiscard]] std::filesystem::path git_folder() const;
  /// Where git's commands are run: the work tree that was opened, or the git folder of a bare repository.
  [[nodiscard]] std::filesystem::path folder() const;
  /// The main worktree's folder, empty where the repository is bare.
  [[nodiscard]] std::filesystem::path work_folder() const;

  [[nodiscard]] LocalRefs refs(const std::string& remote) const;
  /// The refs below `prefix` (which ends with a slash), without it, but for symbolic ones.
  [[nodiscard]] RefMap refs_below(const std::string& prefix) const;
  /// A worktree that holds an alias also holds the branch that it stands for.
  [[nodiscard]] Worktrees worktrees() const;

  /// Where the ref of this (full) name stands now; nothing where there is none, or it is symbolic.
  [[nodiscard]] std::optional<Oid> tip(const std::string& name) const;
  /// Whether there is truly no ref of this (full) name; throws where there is one that can't be read.
  [[nodiscard]] bool absent(const std::string& name) const;

  [[nodiscard]] bool has(const Oid& object) const;
  /// Whether the object is here and is a commit: what a branch must point to.
  [[nodiscard]] bool is_commit(const Oid& object) const;
  [[nodiscard]] Relation relation(const Oid& first, const Oid& second) const;
  [[nodiscard]] Distance distance(const Oid& first, const Oid& second) const;

  /// Makes the ref (full name) at `to`, or moves it there from `from`; `log` is for the reflog. A ref lock that
  /// somebody holds is waited for, briefly.
  Moved move_ref(const std::string& name, const std::optional<Oid>& from, const Oid& to, const std::string& log);
  /// Nobody else sees this repository yet: the refs that move_ref() makes are written all at once, without logs, by
  /// write_new_refs(). Until then nothing knows of them but move_ref() itself.
  void gather_new_refs();
  void write_new_refs();
  Moved delete_ref(const std::string& name, const Oid& from);
  void set_symbolic_ref(const std::string& name, const std::string& target, const std::string& log);

  /// A value of the repository's own configuration file, nothing where it is not set there.
  [[nodiscard]] std::optional<std::string> own_setting(const std::string& key) const;
  void set_setting(const std::string& key, const std::string& value);

 private:
  void settle_identity();

  explicit Repository(Handle<git_repository> handle) : handle_(std::move(handle)) {}
  Handle<git_repository> handle_;
  std::optional<NewRefs> new_refs_;
  bool identity_settled_ = false;
};

}  // namespace syncmanager::git
