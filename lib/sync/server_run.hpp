// All projects of one server: the git projects locked, listed together over one connection, and finished one by one; on
// several connections, each with a thread of its own, where that is quicker. Folders are copied beside them.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "git/listing.hpp"
#include "model/url.hpp"
#include "ssh/server.hpp"
#include "sync/approach.hpp"
#include "sync/job.hpp"
#include "sync/lane.hpp"
#include "sync/outage.hpp"
#include "sync/server_group.hpp"
#include "sync/turn.hpp"

namespace syncmanager::sync {

/// Belongs to one thread.
class ServerRun {
 public:
  /// `approach` is the way to the group's server.
  ServerRun(const Job& job, ServerGroup group, Approach approach);

  /// Never throws: a project's trouble goes into its outcome.
  void run() noexcept;

 private:
  using Next = std::function<Turn*()>;  ///< nothing at the end

  void run_git();
  void lock(Turn& turn, std::chrono::milliseconds wait);
  void run_batch(Turns turns);
  bool push_asks(Turns& turns) const;
  void list(Turns& turns);
  bool list_in_one(Turns& turns);
  void list_each(Turns& turns);
  void list_by_advertisements(Lane& lane, const Next& next);
  void take_listing(Turn& turn, git::Listing&& listing);
  [[nodiscard]] std::size_t most_lanes() const;
  void spread(Turns& turns, std::size_t most, const std::function<void(Lane&, const Next&)>& work);

  const Job& job_;
  std::vector<Slot> slots_;    ///< of git projects
  std::vector<Slot> folders_;  ///< of the others
  const Url url_;              ///< of one of them
  const std::shared_ptr<ssh::Server> server_;
  Outage outage_;
  Lane first_;                ///< this thread's
  std::deque<Lane> further_;  ///< for one batch; of one thread each, while there is one for it
  bool has_shell_;
};

}  // namespace syncmanager::sync
