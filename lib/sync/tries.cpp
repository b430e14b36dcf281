#include "sync/tries.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/state_word.hpp"
#include "base/text.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

constexpr std::string_view tries_file = "syncmanager tries 1";
constexpr std::string_view never = "-";

/// try FOLDER FAILURES LAST NEXT|- REASON
void take_try(Tries& tries, const std::vector<std::string>& words) {
  constexpr std::size_t expected = 6;
  if (words.size() != expected) return;
  const auto failures = parse_number(words[2], std::numeric_limits<unsigned>::max());
  const auto last = parse_utc(words[3]);
  const auto next = parse_utc(words[4]);
  if (!failures || !last || (!next && words[4] != never)) return;
  Try& one = tries[raw_word(words[1])];
  one.failures = static_cast<unsigned>(*failures);
  one.last = *last;
  one.next = next;
  one.reason = raw_word(words[5]);
}

/// entry FOLDER NAME, told FOLDER TEXT: of a folder that was named before
void take_detail(Tries& tries, const std::vector<std::string>& words) {
  constexpr std::size_t expected = 3;
  if (words.size() != expected) return;
  const auto known = tries.find(raw_word(words[1]));
  if (known == tries.end()) return;
  if (words[0] == "entry") known->second.entries.insert(raw_word(words[2]));
  if (words[0] == "told") known->second.told.insert(raw_word(words[2]));
}

}  // namespace

Tries parse_tries(std::string_view text) {
  Tries tries;
  const auto lines = lines_of(text);
  if (lines.empty() || lines.front() != tries_file) return tries;
  for (const std::string_view line : lines) {
    const std::vector<std::string> words = split(line, " ");
    if (!words.empty() && words.front() == "try")
      take_try(tries, words);
    else
      take_detail(tries, words);
  }
  return tries;
}

std::string format_tries(const Tries& tries) {
  std::string text = std::string(tries_file) + '\n';
  for (const auto& [folder, one] : tries) {
    const std::string named = state_word(folder);
    text += fmt::format("try {} {} {} {} {}\n", named, one.failures, format_utc(one.last),
                        one.next ? format_utc(*one.next) : std::string(never), state_word(one.reason));
    for (const std::string& entry : one.entries) text += fmt::format("entry {} {}\n", named, state_word(entry));
    for (const std::string& problem : one.told) text += fmt::format("told {} {}\n", named, state_word(problem));
  }
  return text;
}

Tries read_tries(const Environment& environment) {
  try {
    return parse_tries(read_file(tries_path(environment)).value_or(""));
  } catch (const Error&) {
    return {};  // all is tried at once then
  }
}

void write_tries(const Tries& tries, const Environment& environment) {
  AtomicFile file(tries_path(environment), 0600);
  file.write(format_tries(tries));
  file.commit(Flush::no);
}

}  // namespace syncmanager::sync
