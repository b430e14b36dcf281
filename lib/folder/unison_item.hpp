// One line of what Unison has found: the states of both sides, which way it goes, and the path. Pure.
//   changed  ---->            notes.txt
#pragma once

#include <optional>
#include <string_view>

namespace syncmanager::folder {

/// Changed on both sides.
inline constexpr std::string_view unison_conflict = "<-?->";
/// It would go one way, and may not.
inline constexpr std::string_view unison_forbidden = "<=?=>";

/// One line of what it has found.
struct UnisonItem {
  std::string_view left;   ///< `new file`, `deleted`; empty: unchanged there
  std::string_view arrow;  ///< `---->`
  std::string_view right;
  std::string_view path;
};

/// Nothing where the line is none.
std::optional<UnisonItem> parse_unison_item(std::string_view line);

// An arrow with a question mark is that of a folder, some of which could not be read; one with equals signs has been
// decided by a rule.
bool points_right(std::string_view arrow);
bool points_left(std::string_view arrow);
bool is_merge(std::string_view arrow);

}  // namespace syncmanager::folder
