// What every step of one run is given.
#pragma once

#include <chrono>

#include "base/environment.hpp"
#include "git/web_access.hpp"
#include "model/progress.hpp"
#include "sync/runner.hpp"

namespace syncmanager::sync {

/// Borrowed references; they outlive the run.
struct Job {
  const Request& request;
  const Environment& environment;
  Progress& progress;
  git::WebAccess& web;
  std::chrono::system_clock::time_point started;
};

}  // namespace syncmanager::sync
