// Small helpers on text that several parsers need.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace syncmanager {

/// Without white space (space, tab, CR, LF) at both ends.
std::string_view trim(std::string_view text);

/// The pieces between any of `separators`; empty pieces are left out.
std::vector<std::string> split(std::string_view text, std::string_view separators);

/// The lines of `text` without their LF; the last one needs none.
std::vector<std::string_view> lines_of(std::string_view text);

/// As it is, or as much of its front as makes `longest` bytes with the dots that say so; no character of UTF-8 is cut.
std::string shortened(std::string_view text, std::size_t longest);

/// Moves `more` behind `words`: for argument vectors.
void append(std::vector<std::string>& words, std::vector<std::string> more);

/// ASCII only, as host names, keys and algorithm names need it.
std::string lower_case(std::string_view text);

/// A whole decimal number without sign in 0..maximum, or nothing.
std::optional<unsigned long> parse_number(std::string_view text, unsigned long maximum);

/// Whether one of `names` is this path, or stands where it would need a folder, or below it.
bool meets(const std::set<std::string, std::less<>>& names, std::string_view path);

/// `*` matches any run of characters, `/` too; `?` matches one; everything else itself.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace syncmanager
