// Refs that keep what another ref is about to lose: refs/sync/rescue/<UTC time>[-N]/<name>, on this computer only. N
// counts where one second saw several of one name.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace syncmanager::git {

struct Rescued {
  std::string ref;   ///< full
  std::string name;  ///< of what lost it: `main`, or `origin/main` for a remote-tracking ref
  std::chrono::system_clock::time_point since;
  Oid tip;
};

/// The rescue refs, the oldest first.
std::vector<Rescued> rescued(const Repository& repository);

/// What one run rescues in one repository. Nothing that other refs hold is a reason not to: whoever works in the
/// repository may delete them while the run still fetches. So the rescue ref comes first, in any case, and the question
/// whether it is needed after the moves. One thread; all functions throw Error(failed | locked).
class Rescuer {
 public:
  using Time = std::chrono::system_clock::time_point;

  /// `repository` is borrowed.
  explicit Rescuer(Repository& repository) : repository_(&repository) {}

  /// Keeps `commit` under a rescue ref for `name`, unless one of the last 24 hours keeps it: an older one would expire
  /// too soon. Before, not after, the ref that holds it moves; where this throws, that one must stay.
  void keep(const std::string& name, const Oid& commit, Time now);

  /// Takes back those refs that it has made whose commit a branch or a tag contains, after all.
  void drop_needless();

 private:
  [[nodiscard]] bool is_kept(const Oid& commit, Time now);

  Repository* repository_;
  std::optional<std::map<Oid, Rescued>> kept_;  ///< by the rescue refs of the last 24 hours, when it was last looked
  std::vector<Rescued> made_;
};

/// Deletes the rescue refs that are older than three months. One whose time is absurd, since the clock was wrong when
/// it was made, stays.
void expire_rescued(Repository& repository, std::chrono::system_clock::time_point now);

}  // namespace syncmanager::git
