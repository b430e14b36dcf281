#include "git/git_talk.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

enum class Work { receiving, sending, resolving };

struct Title {
  std::string_view text;
  Work work;
};

constexpr std::array<Title, 3> titles{{
    {"Receiving objects: ", Work::receiving},
    {"Writing objects: ", Work::sending},
    {"Resolving deltas: ", Work::resolving},
}};

/// The digits at the front of `text`, which they are taken from; nothing where there are none or too many.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

std::optional<std::uint64_t> unit(std::string_view name) {
  constexpr std::array<std::string_view, 4> units = {"bytes", "KiB", "MiB", "GiB"};
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (name == units[i] || (i == 0 && name == "byte")) return std::uint64_t{1} << (10 * i);
  }
  return std::nullopt;
}

/// `1.20 MiB` of `, 1.20 MiB | 800.00 KiB/s`; 0 where git does not say.
std::uint64_t bytes_of(std::string_view text) {
  if (!take(text, ", ")) return 0;
  const auto whole = take_number(text);
  if (!whole) return 0;
  std::uint64_t hundredths = 0;
  if (take(text, ".")) {
    const std::size_t digits = text.size();
    hundredths = take_number(text).value_or(0);
    if (digits - text.size() != 2) return 0;
  }
  if (!take(text, " ")) return 0;
  const auto size = unit(text.substr(0, text.find_first_of(" ,")));
  if (!size || *whole > std::numeric_limits<std::uint64_t>::max() / *size - 1) return 0;
  return *whole * *size + hundredths * *size / 100;
}

/// `TITLE:  45% (450/1000)…` and `TITLE: 12, done.`, as git's progress.c prints them.
bool is_progress(std::string_view line) {
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) return false;
  std::string_view rest = trim(line.substr(colon + 2));
  return take_number(rest).has_value() && (rest.starts_with("% (") || rest.ends_with("done.") || rest.empty());
}

/// What git itself says before it sends anything, and so after a pre-push hook has ended.
bool is_packing(std::string_view line) {
  constexpr std::array<std::string_view, 4> packing = {
      "Enumerating objects: ", "Counting objects: ", "Compressing objects: ", "Total "};
  return std::ranges::any_of(packing, [&](std::string_view title) { return line.starts_with(title); });
}

/// A progress line is overwritten by those that follow it, each behind a carriage return.
std::string_view last_state(std::string_view line) {
  const auto last = trim(line).rfind('\r');
  return last == std::string_view::npos ? line : trim(line).substr(last + 1);
}

/// What git puts before each line of the server's.
constexpr std::string_view remote_prefix = "remote: ";

void add_words(std::string& words, std::string_view line) {
  if (!is_progress(trim(line))) words.append(shortened(trim(line), longest_server_line)) += '\n';
}

}  // namespace

std::optional<Transfer> parse_transfer(std::string_view line) {
  for (const Title& title : titles) {
    if (!line.starts_with(title.text)) continue;
    std::string_view rest = trim(line.substr(title.text.size()));
    const auto percent = take_number(rest);
    if (!percent || !take(rest, "% (")) return std::nullopt;
    const auto done = take_number(rest);
    if (!done || !take(rest, "/")) return std::nullopt;
    const auto total = take_number(rest);
    if (!total || !take(rest, ")")) return std::nullopt;
    if (title.work == Work::resolving) return Transfer{.deltas = *done, .total_deltas = *total};
    const bool sending = title.work == Work::sending;
    return Transfer{.sending = sending, .objects = *done, .total_objects = *total, .bytes = bytes_of(rest)};
  }
  return std::nullopt;
}

std::string words_of_server(std::string_view errors) {
  std::string words;
  for (const std::string_view line : lines_of(errors)) {
    const std::string_view shown = last_state(line);
    if (shown.starts_with(remote_prefix)) add_words(words, shown.substr(remote_prefix.size()));
  }
  return words;
}

std::string words_in_sideband(std::string_view sideband) {
  std::string words;
  for (const std::string_view line : lines_of(sideband)) add_words(words, last_state(line));
  return words;
}

Patience patience_with(std::chrono::milliseconds timeout, bool hooks) {
  constexpr std::chrono::milliseconds hook = std::chrono::hours(1);
  const std::chrono::milliseconds working = std::max<std::chrono::milliseconds>(timeout, std::chrono::minutes(10));
  return {.at_first = hooks ? std::max(working, hook) : working, .moving = timeout, .working = working};
}

void TransferReader::take_line(std::string_view line) {
  if (line.starts_with(remote_prefix)) words_ += line.size();
  if (words_ > most_words) throw Error(ErrorKind::failed, "the server prints messages without end");
  if (const auto transfer = parse_transfer(line)) {
    if (on_transfer_) on_transfer_(*transfer);
    const bool moving = transfer->total_deltas == 0 && !trim(line).ends_with("done.");
    silence_ = moving ? patience_.moving : patience_.working;
  } else if (is_packing(line)) {
    silence_ = patience_.working;
  }
}

std::chrono::milliseconds TransferReader::feed(std::string_view piece) {
  lines_.feed(piece, [this](std::string_view line) { take_line(line); });
  return silence_;
}

}  // namespace syncmanager::git
