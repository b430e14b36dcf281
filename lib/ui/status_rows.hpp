// The lines of one project in the report of sync-status: its branches, its working trees and what is kept. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/outcome.hpp"
#include "model/status.hpp"
#include "ui/style.hpp"

namespace syncmanager::ui {

/// Everything known of one project.
struct ShownProject {
  const ProjectOutcome& outcome;
  const ProjectStatus& status;
  std::chrono::system_clock::time_point now;
  bool seen_before = false;  ///< another project above is in the same folder, with another remote
};

/// Of a branch; without a sign, `text` is all there is.
struct StatusRow {
  std::string sign;
  std::string branch;
  std::string text;
  Tone tone = Tone::plain;
};

/// `3 staged`, where there are any.
void add_count(std::vector<std::string>& parts, std::size_t value, std::string_view words);

std::vector<StatusRow> rows_of(const ShownProject& one, const TextStyle& style);

/// Aligned lines; `indent` stands in front of each.
std::string lines_of_rows(const std::vector<StatusRow>& rows, const std::string& indent, const TextStyle& style);

}  // namespace syncmanager::ui
