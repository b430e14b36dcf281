#include "git/library.hpp"

#include <git2.h>

#include "base/api.hpp"
#include "git/handle.hpp"

/// Debian's libgit2 reads the certificates of all authorities when it starts, by this function of mbedTLS: 4 ms of each
/// program, for the https that we leave to git. This one stands in front of it, and finds no file. Whoever spoke TLS
/// through libgit2 all the same would trust nobody.
extern "C" SYNCMANAGER_API int mbedtls_x509_crt_parse_file(void* /*chain*/, const char* /*path*/) noexcept {
  constexpr int no_such_file = -0x2900;  // MBEDTLS_ERR_X509_FILE_IO_ERROR
  return no_such_file;
}

namespace syncmanager::git {

Library::Library() {
  check(git_libgit2_init(), "start libgit2");
  git_error_clear();  // that there are no certificates is no error, and nothing else's reason
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

Library::~Library() {
  git_libgit2_shutdown();
}

}  // namespace syncmanager::git
