// The words of messages about conf files: what was found, what would have been possible, what was probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncmanager::config {

/// `'text'`: escaped, without a password, and shortened where it is long (with `...` at its end).
std::string in_quotes(std::string_view text);

/// `found 'text', expected ...`
std::string found(std::string_view text, std::string_view expected);

/// `a, b or c`
std::string one_of(const std::vector<std::string_view>& words);

/// The candidate that differs least from `word`, without regard to case; empty where none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace syncmanager::config
