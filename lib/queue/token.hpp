// What a git hook leaves for later: that something has happened in a repository which a server shall hear of, or which
// makes it worth asking the server. Pure.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/utc.hpp"

namespace syncmanager::queue {

enum class Event { commit, merge, rewrite, checkout };
inline constexpr std::array all_events = {Event::commit, Event::checkout, Event::merge, Event::rewrite};

struct Token {
  Event event = Event::commit;
  Time since;
  /// The common git folder, canonical: all worktrees share it.
  std::filesystem::path git_folder;

  auto operator<=>(const Token&) const = default;
};

/// `commit 2026-11-28T02:32:48.123Z /home/jane/notes/.git`, and a line feed.
std::string format_token(const Token& token);

/// Nothing where the text is no token, as after a loss of power.
std::optional<Token> parse_token(std::string_view text);

std::string_view to_string(Event event);
std::optional<Event> parse_event(std::string_view word);

}  // namespace syncmanager::queue
