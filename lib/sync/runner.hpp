// One run of sync-pull, sync-push or sync-now: projects in, a report out. Groups the projects by server, asks each
// server once for everything, and lets one project's trouble stop nothing but itself.
#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "model/outcome.hpp"
#include "model/progress.hpp"
#include "model/project.hpp"
#include "sync/local_request.hpp"

namespace syncmanager::sync {

class HeadStart;

enum class Operation {
  pull,
  push,
  now,
  fetch,  ///< only moves the remote-tracking refs to what the servers have
};

std::string_view to_string(Operation operation);  ///< `sync-pull`

struct Request {
  Operation operation = Operation::now;
  std::vector<Project> projects;
  bool dry_run = false;
  bool force = false;
  bool allow_mass_deletion = false;
  bool background = false;             ///< nobody has asked for it just now: nothing moves here that is in use
  bool interactive = false;            ///< a person sits at a terminal: ssh may ask for a passphrase
  std::filesystem::path remote_shell;  ///< the program that rsync and Unison start in place of ssh
  unsigned jobs = 4;                   ///< projects of one server that are worked on at a time
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds lock_timeout{10'000};
  const Interrupt* interrupt = nullptr;  ///< ends the run early; borrowed, null: nothing does
  HeadStart* head_start = nullptr;       ///< connections that were begun before; borrowed, null: none
};

/// Never throws for what one project did; its trouble is in its outcome. The outcomes stand in the order of
/// `request.projects`. Fills all of the report but `tool` and `errors`.
SYNCMANAGER_API RunReport run(const Request& request, const Environment& environment, Progress& progress);

/// What sync-setconf does without options: identity, remote URL and upstreams of each git project's repository here.
/// Each change is one line of the `message` in its project's outcome.
SYNCMANAGER_API RunReport configure(const LocalRequest& request, const Environment& environment);

}  // namespace syncmanager::sync
