// What a tool asks for that asks no server: which projects it works on, and how. Plain data.
#pragma once

#include <chrono>
#include <vector>

#include "base/interrupt.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

struct LocalRequest {
  std::vector<Project> projects;
  bool dry_run = false;
  std::chrono::milliseconds lock_timeout{10'000};
  const Interrupt* interrupt = nullptr;  ///< ends the run early; borrowed, null: nothing does
};

}  // namespace syncmanager::sync
