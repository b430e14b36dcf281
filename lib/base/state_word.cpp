#include "base/state_word.hpp"

#include <array>

namespace syncmanager {

namespace {

struct Escape {
  char raw;
  char letter;  ///< behind a backslash
};
constexpr std::array escapes = {Escape{' ', '_'}, Escape{'\n', 'n'}, Escape{'\\', '\\'}};
constexpr std::string_view nothing = "\\-";

}  // namespace

std::string state_word(std::string_view raw) {
  if (raw.empty()) return std::string(nothing);
  std::string text;
  for (const char c : raw) {
    char letter = '\0';
    for (const Escape& escape : escapes) {
      if (escape.raw == c) letter = escape.letter;
    }
    text += letter == '\0' ? std::string(1, c) : std::string{'\\', letter};
  }
  return text;
}

std::string raw_word(std::string_view word) {
  std::string text;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] != '\\' || at + 1 == word.size()) {
      text += word[at];
      continue;
    }
    ++at;
    for (const Escape& escape : escapes) {
      if (escape.letter == word[at]) text += escape.raw;
    }
  }
  return text;
}

}  // namespace syncmanager
