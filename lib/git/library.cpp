#include "git/library.hpp"

#include <git2.h>

#include "git/handle.hpp"

namespace syncmanager::git {

Library::Library() {
  check(git_libgit2_init(), "start libgit2");
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

Library::~Library() {
  git_libgit2_shutdown();
}

}  // namespace syncmanager::git
