#include "git/scratch.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"

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
  std::string text = "# pack-refs with: sorted\n";
  for (const auto& [name, tip] : refs.branches) text += tip.hex() + " " + heads_prefix + name + "\n";
  for (const auto& [name, tip] : refs.tags) text += tip.hex() + " " + tags_prefix + name + "\n";
  return text;
}

}  // namespace

Scratch::Scratch(const Repository& original, const LocalRefs& refs, const fs::path& parent) {
  make_private_folder(parent);
  std::string name = (parent / "dry-run-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorKind::failed,
                "make a folder in " + parent.string() + ": " + std::generic_category().message(errno));
  }
  folder_ = name;
  const auto made = make<git_repository>("make a repository in " + name, git_repository_init, name.c_str(), 1U);
  write(folder_ / "objects" / "info" / "alternates", (original.git_folder() / "objects").string() + "\n");
  write(folder_ / "packed-refs", packed(refs));
  repository_ = Repository::open(folder_);
}

Scratch::~Scratch() {
  repository_.reset();
  std::error_code ignored;  // what can't be removed does no harm
  fs::remove_all(folder_, ignored);
}

}  // namespace syncmanager::git
