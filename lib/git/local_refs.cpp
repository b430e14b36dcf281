#include "git/local_refs.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <sys/stat.h>

#include "git/handle.hpp"
#include "git/oid.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

/// Calls `visit` with every ref below `prefix` and its name without the prefix. libgit2 passes over a broken ref: who
/// takes a missing name for a deletion asks absent() first.
template <class Visit>
void each_ref(git_repository* repository, const std::string& prefix, Visit visit) {
  const auto iterator = make<git_reference_iterator>("list " + prefix, git_reference_iterator_glob_new, repository,
                                                     (prefix + "*").c_str());
  git_reference* next = nullptr;
  int code = 0;
  while ((code = git_reference_next(&next, iterator.get())) == 0) {
    const Handle<git_reference> reference(next);
    visit(*reference, std::string(git_reference_name(next)).substr(prefix.size()));
  }
  if (code != GIT_ITEROVER) check(code, "list " + prefix);
}

/// What tells one packed-refs from the next, which takes its place whole. All zeros where there is none.
using Stamp = std::array<std::uintmax_t, 4>;
Stamp stamp_of_packed_refs(const fs::path& git_folder) {
  struct stat found {};
  if (stat((git_folder / "packed-refs").c_str(), &found) != 0) return {};
  return {found.st_ino, static_cast<std::uintmax_t>(found.st_size), static_cast<std::uintmax_t>(found.st_mtim.tv_sec),
          static_cast<std::uintmax_t>(found.st_mtim.tv_nsec)};
}

/// Where a symbolic ref leads.
struct Resolved {
  std::string name;        ///< the last ref of the chain
  std::optional<Oid> tip;  ///< nothing where that is not there, or can't be read
};

Resolved resolve(const git_reference& symbolic) {
  git_reference* found = nullptr;
  const int code = git_reference_resolve(&found, &symbolic);
  const Handle<git_reference> last(found);
  if (code != 0) return {.name = git_reference_symbolic_target(&symbolic), .tip = {}};
  return {.name = git_reference_name(found), .tip = from_git(*git_reference_target(found))};
}

/// Adds every direct ref below `prefix` to `map`, without the prefix, and every symbolic one to `aliases`.
void read_refs(git_repository* repository, const std::string& prefix, RefMap& map, Aliases& aliases) {
  each_ref(repository, prefix, [&](const git_reference& reference, const std::string& name) {
    if (const git_oid* target = git_reference_target(&reference)) {
      map.emplace(name, from_git(*target));
    } else {
      const Resolved resolved = resolve(reference);
      if (resolved.tip) map.emplace(name, *resolved.tip);
      aliases.emplace(name, resolved.name);
    }
  });
}

LocalRefs read_once(git_repository* repository, const std::string& remote) {
  LocalRefs refs;
  read_refs(repository, heads_prefix, refs.branches, refs.aliases);
  Aliases of_tags;  // a tag never moves, so its aliases need no care
  read_refs(repository, tags_prefix, refs.tags, of_tags);
  const std::string tracking = "refs/remotes/" + remote + "/";
  read_direct_refs(repository, tracking, refs.tracking);
  read_direct_refs(repository, parked_here(remote, ""), refs.parked);
  read_direct_refs(repository, parking_here(remote, ""), refs.parking);
  const auto head =
      find<git_reference>("read " + tracking + "HEAD", git_reference_lookup, repository, (tracking + "HEAD").c_str());
  const char* target = head ? git_reference_symbolic_target(head.get()) : nullptr;
  if (target != nullptr && std::string_view(target).starts_with(tracking)) {
    refs.tracking_head = std::string_view(target).substr(tracking.size());
  }
  return refs;
}

}  // namespace

void LocalRefs::move_branch(const std::string& name, const Oid& to) {
  branches[name] = to;
  for (const auto& [alias, target] : aliases) {
    if (target == heads_prefix + name) branches[alias] = to;
  }
}

void LocalRefs::remove_branch(const std::string& name) {
  branches.erase(name);
  for (const auto& [alias, target] : aliases) {
    if (target == heads_prefix + name) branches.erase(alias);
  }
}

LocalRefs read_local_refs(git_repository* repository, const fs::path& git_folder, const std::string& remote) {
  constexpr int attempts = 10;
  for (int i = 0; i < attempts; ++i) {
    const Stamp before = stamp_of_packed_refs(git_folder);
    LocalRefs refs = read_once(repository, remote);
    // libgit2 reads packed-refs before the last of the loose refs: one that `git gc` packs in between is seen in
    // neither, or as it was long ago.
    if (stamp_of_packed_refs(git_folder) == before) return refs;
  }
  throw Error(ErrorKind::locked, "read the refs in " + git_folder.string() + ": they are packed again and again",
              "try again when git has ended there");
}

void read_direct_refs(git_repository* repository, const std::string& prefix, RefMap& map) {
  each_ref(repository, prefix, [&](const git_reference& reference, const std::string& name) {
    const git_oid* target = git_reference_target(&reference);
    if (target != nullptr) map.emplace(name, from_git(*target));
  });
}

std::string aliased(git_repository* repository, const std::string& name) {
  const std::string_view heads = heads_prefix;
  git_reference* found = nullptr;
  const int code = git_reference_lookup(&found, repository, (heads_prefix + name).c_str());
  const Handle<git_reference> reference(found);
  if (code != 0 || git_reference_type(found) != GIT_REFERENCE_SYMBOLIC) return {};
  const std::string target = resolve(*reference).name;
  return target.starts_with(heads) ? target.substr(heads.size()) : std::string();
}

bool has_clashing_ref(git_repository* repository, const std::string& name) {
  for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    const std::string above = name.substr(0, slash);
    if (git_reference_is_valid_name(above.c_str()) == 0) continue;
    if (find<git_reference>("read " + above, git_reference_lookup, repository, above.c_str())) return true;
  }
  bool below = false;
  each_ref(repository, name + "/",
           [&](const git_reference& /*reference*/, const std::string& /*name*/) { below = true; });
  return below;
}

}  // namespace syncmanager::git
