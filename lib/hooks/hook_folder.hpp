// Where git looks for the hooks of a repository: githooks(5), core.hooksPath in git-config(1).
#pragma once

#include <filesystem>
#include <string>

#include "base/environment.hpp"
#include "git/repository.hpp"

namespace syncmanager::hooks {

struct HookFolder {
  std::filesystem::path path;
  /// Why the folder is not this repository's alone, so that nothing may be written there; empty: it is.
  std::string foreign;
};

/// Throws Error(failed) where git can't read its configuration.
HookFolder hook_folder(const Environment& environment, const git::Repository& repository);

/// What `git config --show-scope --show-origin -z --get core.hooksPath` prints:
///   local<NUL>file:.git/config<NUL>.husky/_<NUL>
struct HooksPath {
  bool own = false;  ///< the repository's, or the worktree's
  std::string origin;
  std::string value;
};
HooksPath parse_hooks_path(std::string_view printed);

}  // namespace syncmanager::hooks
