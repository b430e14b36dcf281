// Where a pack goes that libgit2 downloads: in place of libgit2's own indexer, to whatever takes it piece by piece.
#pragma once

#include <exception>
#include <functional>
#include <string_view>

#include "git/repository.hpp"

namespace syncmanager::git {

/// What libgit2 calls; both may throw, which ends the download.
struct PackTaker {
  std::function<void(std::string_view)> feed;
  std::function<void()> finish;
};

/// While it lives, packs that come into the repository go to `taker`. One at a time for a repository's handle; one
/// thread, that of the handle.
class PackIntake {
 public:
  /// Throws Error(failed).
  PackIntake(Repository& repository, PackTaker taker);
  PackIntake(const PackIntake&) = delete;
  PackIntake& operator=(const PackIntake&) = delete;
  ~PackIntake();

  /// What was thrown inside a call of libgit2; rethrow after that.
  [[nodiscard]] const std::exception_ptr& failure() const { return failure_; }

 private:
  struct Backend;
  struct Writer;

  PackTaker taker_;
  std::exception_ptr failure_;
  Backend* backend_;  // belongs to the repository's object database, which has no way to give one back
};

}  // namespace syncmanager::git
