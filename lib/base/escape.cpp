#include "base/escape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/text.hpp"

namespace syncmanager {

namespace {

struct Character {
  char32_t code = 0;
  std::size_t length = 0;  ///< in bytes; 0 where the text does not begin with a valid character
};

/// The first character of a text that is not empty, by the table of RFC 3629, section 4.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  char32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return {};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < smallest.at(length) || surrogate || code > 0x10ffff) return {};
  return {code, length};
}

struct Range {
  char32_t first;
  char32_t last;
};

/// Characters that take no room or change the order of what stands around them.
constexpr std::array deceptive = {
    Range{0x80, 0x9f},        // C1 controls
    Range{0xad, 0xad},        // soft hyphen
    Range{0x61c, 0x61c},      // Arabic letter mark
    Range{0x180e, 0x180e},    // Mongolian vowel separator
    Range{0x200b, 0x200f},    // zero width space and joiners, direction marks
    Range{0x2028, 0x202e},    // line and paragraph separator, embeddings and overrides
    Range{0x2060, 0x206f},    // word joiner, invisible operators, isolates
    Range{0xfeff, 0xfeff},    // byte order mark
    Range{0xfff9, 0xfffb},    // interlinear annotations
    Range{0xe0000, 0xe007f},  // tags
};

bool is_deceptive(char32_t code) {
  return std::ranges::any_of(deceptive, [code](Range range) { return range.first <= code && code <= range.last; });
}

std::string escape_byte(char byte) {
  return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
}

std::string escape_character(char32_t code) {
  const auto number = static_cast<unsigned>(code);
  return code > 0xffff ? fmt::format("\\U{:08x}", number) : fmt::format("\\u{:04x}", number);
}

/// One byte of a name as quote_c_style() of git writes it between double quotes.
std::string git_escape(char byte) {
  constexpr std::string_view escaped = "\a\b\t\n\v\f\r\"\\";
  constexpr std::string_view letters = "abtnvfr\"\\";
  if (const auto at = escaped.find(byte); at != std::string_view::npos) return {'\\', letters[at]};
  const auto code = static_cast<unsigned char>(byte);
  if (code < 0x20 || code >= 0x7f) return fmt::format("\\{:03o}", code);
  return {byte};
}

}  // namespace

std::string escape_text(std::string_view text, bool keep_lines) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::size_t length = std::max<std::size_t>(character.length, 1);
    const bool control = character.code < 0x20 || character.code == 0x7f;
    if (keep_lines && text.front() == '\n') {
      escaped += '\n';
    } else if (character.length == 0 || control) {
      escaped += escape_byte(text.front());
    } else if (is_deceptive(character.code)) {
      escaped += escape_character(character.code);
    } else {
      escaped += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return escaped;
}

std::string excerpt(std::string_view line) {
  constexpr std::size_t longest = 200;
  return escape_text(shortened(line, longest));
}

std::string shell_quote(std::string_view word) {
  std::string quoted = "'";
  for (const char letter : word) {
    if (letter == '\'' || letter == '!') {
      quoted += {'\'', '\\', letter, '\''};
    } else {
      quoted += letter;
    }
  }
  return quoted += '\'';
}

std::string sh_command(std::string_view script, const std::vector<std::string>& words) {
  std::string command = "exec sh -c " + shell_quote(script) + " sh";
  for (const std::string& word : words) command += " " + shell_quote(word);
  return command;
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@+,%=";
  const bool is_plain = !word.empty() && word.find_first_not_of(plain) == std::string_view::npos;
  return is_plain ? std::string(word) : shell_quote(word);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = first_character(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string git_quote(std::string_view name) {
  std::string quoted;
  for (const char byte : name) quoted += git_escape(byte);
  return quoted == name ? quoted : '"' + quoted + '"';
}

}  // namespace syncmanager
