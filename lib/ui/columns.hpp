// Text measured and fitted in columns of a terminal. Expects text that is escaped already: valid UTF-8 without control
// characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace syncmanager::ui {

/// Wider names push their own line to the right, not everybody's.
inline constexpr std::size_t widest_project = 24;
inline constexpr std::size_t widest_branch = 40;

/// The columns that a terminal needs for `text`: 2 for East Asian wide characters and emoji, 0 for combining marks.
std::size_t width_of(std::string_view text);

/// `text` followed by spaces up to `width` columns; a longer text is returned whole.
std::string padded(std::string_view text, std::size_t width);

/// The longest beginning of `text` that fits in `width` columns.
std::string_view shortened(std::string_view text, std::size_t width);

}  // namespace syncmanager::ui
