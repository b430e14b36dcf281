// `git index-pack` for a pack that comes into an empty repository: it works on several processors while the rest of the
// pack is on its way, and looks in the same turn whether the history in it has holes.
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "base/process.hpp"
#include "git/git_talk.hpp"
#include "git/remote.hpp"
#include "git/repository.hpp"

namespace syncmanager::git {

/// git -C FOLDER -c core.fsync=… index-pack --stdin -v --check-self-contained-and-connected
/// One thread. SIGPIPE must be ignored. The destructor ends it; without finish() the repository has got nothing.
class IndexPack {
 public:
  /// `interrupt` is borrowed and may be null. Throws Error(failed).
  IndexPack(const Environment& environment, const Repository& repository, const Interrupt* interrupt,
            const OnTransfer& on_transfer);

  /// Takes the next piece of the pack. Throws Error(failed | timeout | interrupted).
  void feed(std::string_view piece);
  /// The pack ends here. Throws as feed(), also where a part of the pack is damaged. Unknown where it leads to objects
  /// that it has not got.
  [[nodiscard]] Completeness finish();

 private:
  void wait(short for_input);
  void take_errors();
  [[noreturn]] void fail();

  const Interrupt* interrupt_;
  Child child_;
  TransferReader progress_;
  std::string errors_;
};

}  // namespace syncmanager::git
