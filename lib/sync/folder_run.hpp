// All folder projects of one server: locked, looked at over there in one round trip, and copied, a few at a time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "folder/probe.hpp"
#include "ssh/server.hpp"
#include "sync/folder_work.hpp"
#include "sync/job.hpp"
#include "sync/lane.hpp"
#include "sync/outage.hpp"
#include "sync/turn.hpp"

namespace syncmanager::sync {

/// Belongs to one thread, and starts others.
class FolderRun {
 public:
  /// `slots` share `server`, which is borrowed.
  FolderRun(const Job& job, std::vector<Slot> slots, ssh::Server& server);

  /// Never throws: a project's trouble goes into its outcome.
  void run() noexcept;

 private:
  void lock(Turn& turn, std::chrono::milliseconds wait);
  void run_batch(Turns turns);
  folder::Answer look(const Turns& turns);
  void sync(Turn& turn, const folder::Seen& there, const folder::Answer& answer);
  void copy(Turn& turn, const folder::Seen& there);
  void copy_over(Lane& lane, FolderWork& work);

  const Job& job_;
  std::vector<Slot> slots_;
  ssh::Server& server_;
  Outage outage_;
  Lane first_;  ///< this thread's
};

}  // namespace syncmanager::sync
