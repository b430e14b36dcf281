// Figures as text for a terminal, as JSON, and as the part of a README that they stand in. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/result.hpp"

namespace syncmanager::test {

/// Where the figures are from. They mean nothing without it.
struct Machine {
  int cores = 0;
  double load = 0;                    ///< of the last minute, before anything was measured
  std::vector<std::string> versions;  ///< "git version 2.39.5", a line each
};

/// With the title above, aligned columns, and what failed contestants said below.
std::string text_of(const Table& table);

std::string json_of(const Machine& machine, const std::vector<Table>& tables);

/// A picture, and of all tables one, folded away, for GitHub's Markdown. `picture` is its path as seen from the file.
std::string markdown_of(const Machine& machine, const std::vector<Table>& tables, std::string_view picture);

/// The text with `section` between the lines `<!-- bench -->` and `<!-- /bench -->`, in place of what was there. Throws
/// std::runtime_error where they are missing.
std::string with_section(std::string_view text, std::string_view section);

}  // namespace syncmanager::test
