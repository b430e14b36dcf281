// One thread's way to a server: its own connection, made when it is first needed and made anew when it breaks. Several
// lanes lead to one server where its answers take long to come.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "git/remote.hpp"
#include "ssh/channel.hpp"
#include "ssh/server.hpp"
#include "sync/job.hpp"
#include "sync/outage.hpp"
#include "sync/turn.hpp"

namespace syncmanager::sync {

class Lane {
 public:
  /// All are borrowed and shared with the other lanes. `ahead`: a connection that is on its way, or none.
  Lane(const Job& job, ssh::Server& server, Outage& outage, std::future<std::unique_ptr<ssh::Connection>> ahead = {})
      : job_(job), server_(server), outage_(outage), ahead_(std::move(ahead)) {}

  /// Waits for it, or connects. Throws Error(offline | timeout | auth | failed).
  ssh::Connection& connection();
  /// How many lanes are worth having by now.
  [[nodiscard]] std::size_t worthwhile() const { return connection_ ? connection_->lanes() : 1; }

  /// Does something with the server, and again on a new connection where the line breaks. Throws Error.
  void try_hard(const std::function<void()>& act);
  /// Asks for one repository alone. Throws Error.
  git::Listing list(const Turn& turn);
  /// What to say where that is refused.
  static Error not_listed(const Turn& turn, const std::string& why);
  /// Takes a project that is not at rest to its outcome.
  void sync(Turn& turn) noexcept;

 private:
  std::unique_ptr<git::Remote> by_git(const Turn& turn) const;
  std::unique_ptr<git::Remote> remote(const Turn& turn);
  git::Listing list_by_shell(const Turn& turn);
  git::Listing list_to_push(git::Remote& server, Turn& turn);
  void try_sync(Turn& turn);

  const Job& job_;
  ssh::Server& server_;
  Outage& outage_;
  std::unique_ptr<ssh::Connection> connection_;
  std::future<std::unique_ptr<ssh::Connection>> ahead_;
  bool by_web_ = false;  ///< each project has connections of its own, and trouble that may be its own
};

}  // namespace syncmanager::sync
