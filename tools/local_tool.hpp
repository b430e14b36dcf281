// What the tools have in common that work on this computer alone: from options to an exit code.
#pragma once

#include <functional>

#include "base/environment.hpp"
#include "command_line.hpp"
#include "model/outcome.hpp"
#include "output.hpp"
#include "sync/local_request.hpp"

namespace syncmanager::tools {

/// Works on the selected projects.
using LocalWork = std::function<RunReport(const sync::LocalRequest& request, const Environment& environment)>;

/// Selects projects, works on them unless there are none, and prints the report; the exit code. Ctrl-C ends the work
/// early.
int run_local_tool(const Run& run, const Options& options, TextReport text, const LocalWork& work);

}  // namespace syncmanager::tools
