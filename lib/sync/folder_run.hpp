// All folder projects of one server: locked, looked at over there in one round trip, and copied, a few at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "folder/probe.hpp"
#include "ssh/server.hpp"
#include "sync/folder_record.hpp"
#include "sync/folder_work.hpp"
#include "sync/job.hpp"
#include "sync/lane.hpp"
#include "sync/outage.hpp"
#include "sync/turn.hpp"

namespace syncmanager::sync {

/// Belongs to one thread, and starts others.
class FolderRun {
 public:
  /// `slots` share `server`, which is borrowed. `alone`: no git project of the run uses it.
  FolderRun(const Job& job, std::vector<Slot> slots, ssh::Server& server, bool alone);

  /// Never throws: a project's trouble goes into its outcome.
  void run() noexcept;

 private:
  /// A project with what is asked of the server about it.
  struct FolderTurn : Turn {
    UnisonFacts unison;
    std::string question;  ///< the command that tells whether its program is there
    folder::Seen there;
    std::string answer;  ///< what that printed
  };

  void begin(FolderTurn& turn, std::chrono::milliseconds wait);
  void think_of_question(FolderTurn& turn);
  const std::string& unison_version();
  void run_batch(std::vector<FolderTurn> turns);
  void look(std::vector<FolderTurn>& turns);
  void sync(FolderTurn& turn);
  bool may_go_straight(const Project& project, const std::optional<FolderRecord>& record) const;
  bool go_straight(FolderTurn& turn);
  FolderWork work_on(FolderTurn& turn, Lane& lane);
  void copy(FolderTurn& turn);
  void finish(FolderWork& work, const std::optional<FolderRecord>& record, bool looked);
  void copy_over(Lane& lane, FolderWork& work);
  Time new_time();

  const Job& job_;
  std::vector<Slot> slots_;
  ssh::Server& server_;
  const bool alone_;
  Outage outage_;
  std::atomic<Time> last_time_{Time()};  ///< that new_time() has given
  Lane first_;                           ///< this thread's
  std::string unison_version_;           ///< of the Unison here, once it was asked
};

}  // namespace syncmanager::sync
