// Many refs that are made at once, in a repository that nobody else sees yet. One by one, each would be a file and a
// log that are written through to the disk; git itself has one file for them all, packed-refs.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "git/handle.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

/// What annotated tags stand for in the end.
using Peeled = std::map<Oid, Oid>;

/// A packed-refs file as git writes it; pure. The names in `refs` are full ones. Without `peeled`, git finds out by
/// itself what is a tag.
std::string packed_refs(const RefMap& refs, const std::optional<Peeled>& peeled);

class NewRefs {
 public:
  /// `taken` is a ref (full name) that git is going to make.
  explicit NewRefs(const std::string& taken) : names_{taken} {}

  /// Takes the ref (full name) down; false where the name of another one is in the way. Throws Error(failed) where the
  /// object that it names is not here.
  [[nodiscard]] bool add(git_repository* repository, const std::string& name, const Oid& tip);
  [[nodiscard]] std::string packed() const { return packed_refs(tips_, peeled_); }

 private:
  std::set<std::string, std::less<>> names_;
  RefMap tips_;
  Peeled peeled_;
};

}  // namespace syncmanager::git
