// What every step of one run is given.
#pragma once

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
};

}  // namespace syncmanager::sync
