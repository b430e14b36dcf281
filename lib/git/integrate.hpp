// Joins a branch that has diverged with the server's tip by git itself, in a scratch repository: with the result that
// `git pull` would give in a clean working tree of the branch, by the project's drivers, attributes, rules for renames
// and the user's identity. Nothing is applied here, neither a ref nor a working tree, and no hook is run.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "git/repository.hpp"

namespace syncmanager::git {

/// What is joined, and where. What is borrowed is used by one call.
struct Divergence {
  const Environment& environment;
  const Repository& here;        ///< the project's repository, whose settings count
  const Repository& repository;  ///< has the commits, and gets the result; in a dry run a scratch one
  std::string branch;            ///< its name, on both sides
  std::string url;               ///< of the other side, for a merge's message
  Oid ours;
  Oid theirs;
  const Interrupt* interrupt = nullptr;  ///< null: none
  /// Asked before a clean result is brought into the repository, so that one that is of no use leaves nothing there;
  /// `objects` is the folder that has it until then. Empty: it is wanted.
  std::function<bool(const Oid& joined, const std::filesystem::path& objects)> wanted = {};
};

/// At most one of `commit` and `conflicts` is there; with neither, `message` says why, or the result was not wanted.
struct Integrated {
  std::optional<Oid> commit;           ///< the joined tip: in the repository, on the disk, and held by no ref
  std::vector<std::string> conflicts;  ///< paths from the top folder, any bytes
  std::string message;                 ///< git's own words, as far as they are not ours
};

/// The merge commit that `git pull --no-rebase` would make, with its message.
/// A merge driver sees no file of the working tree but .gitattributes: one that needs others fails, as a conflict.
/// Refuses where the user signs commits (commit.gpgSign): nobody may be there to be asked for a passphrase.
/// A kill leaves a scratch folder, which the next run clears, and at most objects that no ref leads to.
/// Throws as base/process.hpp's run(), and Error(failed) where the scratch repository can't be made.
Integrated merge(const Divergence& diverged);

/// What `git rebase --rebase-merges` makes of the commits that only `ours` has, on top of `theirs`. Refuses, beside
/// what merge() refuses, histories without a common commit, and merge commits that a person has worked on: git makes
/// merges anew, and what else was in them would be lost. Throws as merge().
Integrated rebase(const Divergence& diverged);

/// The URL as git writes it into FETCH_HEAD and so into the message of a merge: without user and password, and without
/// slashes and `.git` at its end.
std::string url_in_message(std::string_view url);

}  // namespace syncmanager::git
