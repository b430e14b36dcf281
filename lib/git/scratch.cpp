#include "git/scratch.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>

#include "base/error.hpp"
#include "git/new_refs.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

/// The branches and tags as git packs them: what a fetch tells the server that we have.
std::string packed(const LocalRefs& refs) {
  RefMap all;
  for (const auto& [name, tip] : refs.branches) all.emplace(heads_prefix + name, tip);
  for (const auto& [name, tip] : refs.tags) all.emplace(tags_prefix + name, tip);
  return packed_refs(all, std::nullopt);
}

Fd open_folder(const fs::path& folder) {
  return Fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool lock(const Fd& folder) {
  return flock(folder.get(), LOCK_EX | LOCK_NB) == 0;
}

/// A file system that can't lock a folder keeps its leftovers.
void clear_leftovers(const fs::path& parent) {
  std::error_code ignored;  // another run may clear the same; what can't be removed does no harm
  for (fs::directory_iterator entry(parent, ignored), end; entry != end; entry.increment(ignored)) {
    const Fd folder = open_folder(entry->path());
    if (folder && lock(folder)) fs::remove_all(entry->path(), ignored);
  }
}

fs::path make_folder(const fs::path& parent) {
  std::string name = (parent / "XXXXXX").string();
  if (mkdtemp(name.data()) != nullptr) return name;
  throw Error(ErrorKind::failed, "make a folder in " + parent.string() + ": " + std::generic_category().message(errno));
}

}  // namespace

ScratchFolder::ScratchFolder(const fs::path& parent) {
  make_private_folder(parent);
  clear_leftovers(parent);
  constexpr int attempts = 100;
  for (int i = 0; i < attempts; ++i) {
    path_ = make_folder(parent);
    held_ = open_folder(path_);
    const bool wanted_by_another = held_ && !lock(held_) && errno == EWOULDBLOCK;
    // Another run that clears leftovers may have come between the two: then the folder is its own, or gone.
    std::error_code unreadable;
    if (held_ && !wanted_by_another && fs::exists(path_, unreadable)) return;
  }
  throw Error(ErrorKind::failed, "make a folder in " + parent.string() + ": other runs remove it each time");
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // the next run tries again
  fs::remove_all(path_, ignored);
}

Scratch::Scratch(const Repository& original, const LocalRefs& refs, const fs::path& parent) : folder_(parent) {
  const std::string name = folder_.path().string();
  const auto made = make<git_repository>("make a repository in " + name, git_repository_init, name.c_str(), 1U);
  write(folder_.path() / "objects" / "info" / "alternates", (original.git_folder() / "objects").string() + "\n");
  write(folder_.path() / "packed-refs", packed(refs));
  repository_ = Repository::open(folder_.path());
}

}  // namespace syncmanager::git
