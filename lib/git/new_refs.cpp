#include "git/new_refs.hpp"

#include "base/text.hpp"
#include "git/oid.hpp"

namespace syncmanager::git {

namespace {

/// What the object stands for, where it is an annotated tag; throws where it, or that, is not here.
std::optional<Oid> peel(git_repository* repository, const std::string& name, const Oid& object) {
  const std::string act = "make " + name;
  const git_oid id = to_git(object);
  const auto found = make<git_object>(act, git_object_lookup, repository, &id, GIT_OBJECT_ANY);
  if (git_object_type(found.get()) != GIT_OBJECT_TAG) return std::nullopt;
  const auto peeled = make<git_object>(act, git_object_peel, found.get(), GIT_OBJECT_ANY);
  return from_git(*git_object_id(peeled.get()));
}

}  // namespace

std::string packed_refs(const RefMap& refs, const std::optional<Peeled>& peeled) {
  std::string text = peeled ? "# pack-refs with: peeled fully-peeled sorted \n" : "# pack-refs with: sorted \n";
  for (const auto& [name, tip] : refs) {
    text += tip.hex() + " " + name + "\n";
    if (!peeled) continue;
    if (const auto tag = peeled->find(tip); tag != peeled->end()) text += "^" + tag->second.hex() + "\n";
  }
  return text;
}

bool NewRefs::add(git_repository* repository, const std::string& name, const Oid& tip) {
  if (meets(names_, name)) return false;
  if (const auto object = peel(repository, name, tip)) peeled_.emplace(tip, *object);
  names_.insert(name);
  tips_.emplace(name, tip);
  return true;
}

}  // namespace syncmanager::git
