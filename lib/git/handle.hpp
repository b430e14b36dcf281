// Every libgit2 handle owns itself: Handle<git_commit> frees with git_commit_free. Pointers from get() only borrow.
// The C functions keep their names at the call site:
//   auto commit = make<git_commit>("read commit", git_commit_lookup, repository, &oid);
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <git2.h>

#include "base/error.hpp"

namespace syncmanager::git {

struct Release {
  void operator()(git_repository* handle) const noexcept { git_repository_free(handle); }
  void operator()(git_reference* handle) const noexcept { git_reference_free(handle); }
  void operator()(git_reference_iterator* handle) const noexcept { git_reference_iterator_free(handle); }
  void operator()(git_remote* handle) const noexcept { git_remote_free(handle); }
  void operator()(git_config* handle) const noexcept { git_config_free(handle); }
  void operator()(git_config_entry* handle) const noexcept { git_config_entry_free(handle); }
  void operator()(git_object* handle) const noexcept { git_object_free(handle); }
  void operator()(git_commit* handle) const noexcept { git_commit_free(handle); }
  void operator()(git_tree* handle) const noexcept { git_tree_free(handle); }
  void operator()(git_diff* handle) const noexcept { git_diff_free(handle); }
  void operator()(git_revwalk* handle) const noexcept { git_revwalk_free(handle); }
  void operator()(git_signature* handle) const noexcept { git_signature_free(handle); }
  void operator()(git_odb* handle) const noexcept { git_odb_free(handle); }
  void operator()(git_packbuilder* handle) const noexcept { git_packbuilder_free(handle); }
};

template <class T>
using Handle = std::unique_ptr<T, Release>;

/// libgit2's words for what just failed on this thread, copied at once; never empty.
std::string last_error();

/// `act` and libgit2's words for what a call that returned `code` failed at: locked for GIT_ELOCKED, else failed.
Error failure(int code, const std::string& act);

/// Throws failure() where `code` is negative.
void check(int code, const std::string& act);

/// Calls `function(&handle, arguments…)`; throws as check().
template <class T, class Function, class... Arguments>
Handle<T> make(const std::string& act, Function function, Arguments... arguments) {
  T* handle = nullptr;
  check(function(&handle, arguments...), act);
  return Handle<T>(handle);
}

/// As make(), but an empty handle where there is no such thing.
template <class T, class Function, class... Arguments>
Handle<T> find(const std::string& act, Function function, Arguments... arguments) {
  T* handle = nullptr;
  const int code = function(&handle, arguments...);
  if (code == GIT_ENOTFOUND) return nullptr;
  check(code, act);
  return Handle<T>(handle);
}

}  // namespace syncmanager::git
