// Double quotes in conf files, read and written. Inside them stand `\"` for a quote and `\\` for a backslash, as in
// git's config files; nothing else is an escape.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace syncmanager::config {

struct Unquoted {
  std::string text;
  std::size_t end = 0;  ///< the first byte behind the closing quote
};

/// The quoted text that begins at `begin`, where a quote stands. Nothing where the closing quote is missing.
/// A backslash before any other letter is a backslash.
std::optional<Unquoted> unquote(std::string_view text, std::size_t begin);

/// In quotes, with the escapes.
std::string quote(std::string_view text);

/// As a value of today's format: in quotes only where it would not be read back as it is.
std::string write_value(std::string_view value);

}  // namespace syncmanager::config
