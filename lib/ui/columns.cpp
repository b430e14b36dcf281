#include "ui/columns.hpp"

#include <algorithm>
#include <array>

namespace syncmanager::ui {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// The blocks of UAX #11 (East Asian Width) that are wide as a whole; a character that is left out costs one column of
/// alignment, nothing more.
constexpr std::array wide = {
    Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},   Range{0x3041, 0xa4cf},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},
    Range{0x1f300, 0x1f64f}, Range{0x1f680, 0x1f6ff}, Range{0x1f900, 0x1faff}, Range{0x20000, 0x3fffd},
};

constexpr std::array combining = {
    Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x0591, 0x05bd}, Range{0x064b, 0x065f}, Range{0x0e34, 0x0e3a},
    Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff}, Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f},
};

template <std::size_t Size>
bool holds(const std::array<Range, Size>& ranges, char32_t character) {
  return std::ranges::any_of(ranges,
                             [=](const Range& range) { return range.first <= character && character <= range.last; });
}

std::size_t columns_of(char32_t character) {
  if (character < 0x300) return 1;
  if (holds(combining, character)) return 0;
  return holds(wide, character) ? 2 : 1;
}

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// The bytes of the character at the start of `text`, which is not empty.
std::size_t length_of_first(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && continues(text[length])) ++length;
  return length;
}

char32_t decode(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  char32_t code = first & (0x7fU >> character.size());
  for (const char byte : character.substr(1)) code = (code << 6U) | (static_cast<unsigned char>(byte) & 0x3fU);
  return code;
}

}  // namespace

std::string_view shortened(std::string_view text, std::size_t width) {
  std::size_t end = 0;
  std::size_t columns = 0;
  while (end < text.size()) {
    const std::size_t length = length_of_first(text.substr(end));
    columns += columns_of(decode(text.substr(end, length)));
    if (columns > width) break;
    end += length;
  }
  return text.substr(0, end);
}

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const std::size_t length = length_of_first(text);
    columns += columns_of(decode(text.substr(0, length)));
    text.remove_prefix(length);
  }
  return columns;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t columns = width_of(text);
  return std::string(text).append(columns < width ? width - columns : 0, ' ');
}

}  // namespace syncmanager::ui
