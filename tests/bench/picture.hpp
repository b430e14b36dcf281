// Tables as a picture: horizontal bars, in SVG, without anything from elsewhere, for light and dark pages. A pure
// function.
#pragma once

#include <string>
#include <vector>

#include "bench/result.hpp"

namespace syncmanager::test {

/// Of the tables with `in_picture`, one below the other, each with a linear scale of its own. Failed rows are left out.
std::string svg_of(const std::vector<Table>& tables);

}  // namespace syncmanager::test
