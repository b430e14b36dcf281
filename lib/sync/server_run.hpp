// All projects of one server, in one thread and over one connection: locked, listed together, and finished one by one.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "git/listing.hpp"
#include "git/remote.hpp"
#include "model/outcome.hpp"
#include "ssh/channel.hpp"
#include "ssh/server.hpp"
#include "sync/job.hpp"

namespace syncmanager::sync {

/// One project's place in the run: where its outcome belongs. Borrowed.
struct Slot {
  const Project* project = nullptr;
  ProjectOutcome* outcome = nullptr;
};

/// Belongs to one thread.
class ServerRun {
 public:
  /// `slots` share one server and its ssh settings.
  ServerRun(const Job& job, std::vector<Slot> slots);

  /// Never throws: a project's trouble goes into its outcome.
  void run() noexcept;

 private:
  struct Turn;
  using Turns = std::vector<Turn>;

  void run_batch(Turns turns);
  bool lock(Turn& turn, std::chrono::milliseconds wait);
  void list(Turns& turns);
  void list_in_one(Turns& turns);
  git::Listing advertised(const Turn& turn);
  void lose_connection(const Error& error);
  void sync(Turn& turn);
  std::unique_ptr<git::Remote> by_git(const Turn& turn) const;
  ssh::Connection& connection();
  template <class Function>
  void attempt(Turn& turn, Function function) noexcept;
  void fail_all(Turns& turns, const Error& error) noexcept;

  const Job& job_;
  std::vector<Slot> slots_;
  ssh::Server server_;
  std::unique_ptr<ssh::Connection> connection_;
  int losses_ = 0;                    ///< how often the connection broke
  std::optional<Error> unreachable_;  ///< why the server can't be reached; asked once
  bool has_shell_ = true;
};

}  // namespace syncmanager::sync
