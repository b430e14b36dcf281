// What every step of one run is given, and which steps a project has in it.
#pragma once

#include <chrono>

#include "base/environment.hpp"
#include "git/web_access.hpp"
#include "model/plan.hpp"
#include "model/progress.hpp"
#include "model/project.hpp"
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

/// Whether this operation has anything to do for the project, given its direction. A fetch is the beginning of a pull
/// that brings nothing here, and so has one whatever the direction.
bool has_step(const Project& project, Operation operation, Verb verb);

}  // namespace syncmanager::sync
