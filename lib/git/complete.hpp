// Whether all objects are here that some commits and tags lead to. A commit that is here proves nothing: a server may
// have sent less than it should, and an earlier run may have got no further.
#pragma once

#include <future>
#include <vector>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "git/repository.hpp"

namespace syncmanager::git {

/// Looks, beside whatever else is done, at what `tips` lead to, as far as `known`, which are taken for complete, do not
/// lead there too.
///   git -C FOLDER rev-list --objects --quiet --exclude-promisor-objects --ignore-missing --stdin
/// with the tips on its input. Of one thread; the destructor ends the look.
class LookThrough {
 public:
  /// `interrupt` is borrowed and may be null. Throws Error(failed).
  LookThrough(const Environment& environment, const Repository& repository, const std::vector<Oid>& tips,
              const std::vector<Oid>& known, const Interrupt* interrupt);
  LookThrough(const LookThrough&) = delete;
  LookThrough& operator=(const LookThrough&) = delete;
  ~LookThrough() { stop_.request(); }

  /// Waits for the end of the look. To be asked once. Throws as base/process.hpp's run().
  [[nodiscard]] bool complete();

 private:
  const Interrupt* interrupt_;
  Interrupt stop_;
  std::future<bool> found_;  // the last member: its end is waited for while the others are there
};

}  // namespace syncmanager::git
