// What sync-pull, sync-push and sync-now have in common: all but their name and the direction.
#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"
#include "model/project.hpp"
#include "sync/runner.hpp"

namespace syncmanager::tools {

/// What the options ask for; without an interrupt.
sync::Request request_for(const Options& options, sync::Operation operation, std::vector<Project> projects);

/// Returns the exit code. Throws what guarded() turns into a message.
int run_sync_tool(const std::string& tool, const std::string& purpose, sync::Operation operation, int argc,
                  const char* const* argv);

}  // namespace syncmanager::tools
