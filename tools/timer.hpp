// `sync-hooks … --timer`: sync-now by the clock, for what no hook sees.
#pragma once

#include "command_line.hpp"

namespace syncmanager::tools {

/// Prints what came of it and returns the exit code: 3 where a person has to do the rest.
int install_timer(const Options& options);
int uninstall_timer(const Options& options);

/// One line on standard output.
void print_timer_status(const Options& options);

}  // namespace syncmanager::tools
