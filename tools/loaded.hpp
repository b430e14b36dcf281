// From options to projects: which conf files are read, what is selected of them, and what is said where there is
// nothing to do.
#pragma once

#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "command_line.hpp"
#include "config/config.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"

namespace syncmanager::tools {

struct Loaded {
  config::Config config;            ///< everything
  std::vector<Project> all;         ///< what is for this computer, selected or not
  std::vector<Project> projects;    ///< what is selected
  std::vector<ConfigError> errors;  ///< of the files and of the selection
};

/// The process's environment, with what an option replaces in it.
Environment environment_for(const Options& options);

/// Says so on stderr where nothing is wrong and nothing is selected.
void notice_empty_selection(std::string_view tool, const Loaded& loaded, const Options& options);

/// Prints every error to stderr. Where there is no conf file, or no project in them, that is an error too, and help
/// for a first conf file is printed.
Loaded load(std::string_view tool, const Options& options, const Environment& environment);

}  // namespace syncmanager::tools
