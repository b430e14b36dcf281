// A finished run as a person or a program reads it. Pure: values in, text out. Everything that came from elsewhere is
// escaped here.
#pragma once

#include <string>

#include "model/outcome.hpp"

namespace syncmanager::ui {

struct TextStyle {
  bool colour = false;
  bool verbose = false;  ///< also what did not change
  bool quiet = false;    ///< only what needs a person
};

/// What moved, branch by branch and aligned; then the problems, each with the command that solves it; then one line
/// that sums up. Without changes: that one line.
std::string text_report(const RunReport& report, const TextStyle& style);

/// The JSON document of sync-manager(7): schema 1, pure ASCII, one line feed at its end.
std::string json_report(const RunReport& report, bool verbose);

}  // namespace syncmanager::ui
