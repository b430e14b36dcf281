// What sync-setconf does with conf files without touching a project.
#pragma once

#include <string>

#include "base/environment.hpp"
#include "command_line.hpp"
#include "loaded.hpp"
#include "output.hpp"

namespace syncmanager::tools {

/// Prints notices, and how many projects and problems there are; the errors are printed already. Returns the exit code.
int print_check(const Run& run, const Loaded& loaded, const Options& options, const Environment& environment);

/// Prints a file of the old format in today's. Throws Error(usage) where it can't be read as that.
int print_imported(const std::string& file, const Environment& environment);

}  // namespace syncmanager::tools
