#include "git/handle.hpp"

namespace syncmanager::git {

std::string last_error() {
  const git_error* error = git_error_last();
  if (error == nullptr || error->message == nullptr || *error->message == '\0') return "libgit2 gives no reason";
  return error->message;
}

Error failure(int code, const std::string& act) {
  return {code == GIT_ELOCKED ? ErrorKind::locked : ErrorKind::failed, act + ": " + last_error()};
}

void check(int code, const std::string& act) {
  if (code < 0) throw failure(code, act);
}

}  // namespace syncmanager::git
