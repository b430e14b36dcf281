#include "queue/token.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace syncmanager::queue {

std::string_view to_string(Event event) {
  switch (event) {
    case Event::commit: return "commit";
    case Event::merge: return "merge";
    case Event::rewrite: return "rewrite";
    case Event::checkout: return "checkout";
  }
  return "";
}

std::optional<Event> parse_event(std::string_view word) {
  for (const Event event : all_events) {
    if (to_string(event) == word) return event;
  }
  return std::nullopt;
}

std::string format_token(const Token& token) {
  return fmt::format("{} {} {}\n", to_string(token.event), format_utc(token.since), token.git_folder.string());
}

std::optional<Token> parse_token(std::string_view text) {
  // The folder is the rest, whatever is in it: also spaces and line feeds.
  const auto take_word = [&] {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
  };
  const auto event = parse_event(take_word());
  const auto since = parse_utc(std::string(take_word()));
  if (!event || !since || !text.starts_with('/') || !text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  return Token{.event = *event, .since = *since, .git_folder = text};
}

}  // namespace syncmanager::queue
