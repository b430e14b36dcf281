#include "config/message.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "model/url.hpp"

namespace syncmanager::config {

namespace {

constexpr std::size_t longest_quotation = 100;  // bytes: a message stays readable
constexpr std::size_t longest_word = 64;        // bytes: nobody mistypes more than that as a key or a name

/// Levenshtein's distance: how many letters must be inserted, removed or replaced.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string in_quotes(std::string_view text) {
  return fmt::format("'{}'", escape_text(shortened(without_password(text), longest_quotation)));
}

std::string found(std::string_view text, std::string_view expected) {
  return fmt::format("found {}, expected {}", in_quotes(text), expected);
}

std::string one_of(const std::vector<std::string_view>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " or " : ", ";
    list += words[i];
  }
  return list;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.size() > longest_word) return {};
  const std::string lower = lower_case(word);
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > longest_word) continue;
    const std::size_t steps = distance(lower, lower_case(candidate));
    if (steps < least) {
      least = steps;
      best = candidate;
    }
  }
  return best;
}

}  // namespace syncmanager::config
