#include "folder/unison_item.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.hpp"

namespace syncmanager::folder {

namespace {

// The columns of an item: both sides' states of 8 letters, with the arrow of 5 between them, then the path.
constexpr std::size_t state_width = 8;
constexpr std::size_t arrow_begin = 9;
constexpr std::size_t arrow_width = 5;
constexpr std::size_t right_begin = 15;
constexpr std::size_t path_begin = 26;
constexpr std::string_view path_end = "  ";

bool is_arrow(std::string_view text) {
  return points_right(text) || points_left(text) || is_merge(text) || text == unison_conflict ||
         text == unison_forbidden || text == "error";
}

}  // namespace

bool points_right(std::string_view arrow) {
  constexpr std::array<std::string_view, 4> arrows = {"---->", "====>", "--?->", "==?=>"};
  return std::ranges::find(arrows, arrow) != arrows.end();
}

bool points_left(std::string_view arrow) {
  constexpr std::array<std::string_view, 4> arrows = {"<----", "<====", "<-?--", "<=?=="};
  return std::ranges::find(arrows, arrow) != arrows.end();
}

bool is_merge(std::string_view arrow) {
  return arrow == "<-M->" || arrow == "<=M=>";
}

std::optional<UnisonItem> parse_unison_item(std::string_view line) {
  if (line.size() <= path_begin || !is_arrow(line.substr(arrow_begin, arrow_width))) return std::nullopt;
  const auto is_blank = [&](std::size_t at) { return line[at] == ' '; };
  if (!is_blank(arrow_begin - 1) || !is_blank(right_begin - 1) || !is_blank(path_begin - 1)) return std::nullopt;
  UnisonItem item{.left = trim(line.substr(0, state_width)),
                  .arrow = line.substr(arrow_begin, arrow_width),
                  .right = trim(line.substr(right_begin, state_width)),
                  .path = line.substr(path_begin)};
  if (item.path.ends_with(path_end)) item.path.remove_suffix(path_end.size());
  return item;
}

}  // namespace syncmanager::folder
