#include "sync/journal.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;
using Kind = JournalEntry::Kind;

constexpr std::string_view end_line = "end\n";
constexpr std::string_view greeting = "syncmanager journal 1";
constexpr std::array kinds = {std::pair{Kind::ref, std::string_view("ref")},
                              std::pair{Kind::tree, std::string_view("tree")},
                              std::pair{Kind::sent, std::string_view("sent")}};
constexpr std::size_t largest = std::size_t{256} * 1024;
constexpr std::chrono::hours keeping_time(24 * 90);

std::string word(const std::optional<Oid>& tip) {
  return tip ? tip->hex() : "-";
}

std::optional<JournalEntry> parse_entry(const std::vector<std::string>& words) {
  constexpr std::size_t expected = 4;
  const auto* const kind =
      std::ranges::find_if(kinds, [&](const auto& one) { return !words.empty() && one.second == words[0]; });
  if (kind == kinds.end() || words.size() != expected) return std::nullopt;
  JournalEntry entry{
      .kind = kind->first, .ref = words[1], .from = Oid::from_hex(words[2]), .to = Oid::from_hex(words[3])};
  if ((!entry.from && words[2] != "-") || (!entry.to && words[3] != "-")) return std::nullopt;
  return entry;
}

std::optional<JournalRun> parse_run(const std::vector<std::string>& words) {
  constexpr std::size_t expected = 4;
  const auto started = words.size() == expected && words[0] == "run" ? parse_utc(words[1]) : std::nullopt;
  if (!started) return std::nullopt;
  JournalRun run;
  run.started = *started;
  run.tool = words[2];
  run.remote = words[3];
  return run;
}

void mark_undone(std::vector<JournalRun>& runs, const std::string& text) {
  const auto time = parse_utc(text);
  for (JournalRun& run : runs) {
    if (time && run.started == *time) run.undone = true;
  }
}

void take_line(std::vector<JournalRun>& runs, std::string_view line) {
  const std::vector<std::string> words = split(line, " ");
  if (auto run = parse_run(words)) {
    runs.push_back(std::move(*run));
  } else if (words.size() == 2 && words[0] == "undone") {
    mark_undone(runs, words[1]);
  } else if (!runs.empty() && words.size() == 1 && words[0] == "end") {
    runs.back().ended = true;
  } else if (auto entry = runs.empty() ? std::nullopt : parse_entry(words)) {
    runs.back().entries.push_back(std::move(*entry));
  }
}

std::string format_entries(const std::vector<JournalEntry>& entries) {
  std::string text;
  for (const JournalEntry& entry : entries) {
    const auto* const kind = std::ranges::find_if(kinds, [&](const auto& one) { return one.first == entry.kind; });
    text += fmt::format("{} {} {} {}\n", kind->second, entry.ref, word(entry.from), word(entry.to));
  }
  return text;
}

std::string format_start(const JournalRun& run) {
  return fmt::format("run {} {} {}\n", format_utc(run.started), run.tool, run.remote);
}

/// Leaves out what is too old, and what is older than others where it has grown too large.
void keep_short(const fs::path& path, Time now) {
  std::error_code none;
  const std::uintmax_t size = fs::file_size(path, none);
  if (none || size < largest) return;
  std::vector<JournalRun> runs = read_journal(path);
  std::erase_if(runs, [&](const JournalRun& run) { return now - run.started > keeping_time; });
  while (runs.size() > 1 && format_journal(runs).size() > largest / 2) runs.erase(runs.begin());
  AtomicFile file(path);
  file.write(format_journal(runs));
  file.commit();
}

}  // namespace

JournalRun new_run(std::string tool, std::string remote, std::chrono::system_clock::time_point started) {
  JournalRun run;
  run.started = std::chrono::time_point_cast<std::chrono::milliseconds>(started);
  run.tool = std::move(tool);
  run.remote = std::move(remote);
  return run;
}

std::string branch_of(const JournalEntry& entry) {
  const std::string_view heads = git::heads_prefix;
  return entry.ref.starts_with(heads) ? entry.ref.substr(heads.size()) : entry.ref;
}

std::vector<JournalRun> parse_journal(std::string_view text) {
  std::vector<JournalRun> runs;
  for (const std::string_view line : lines_of(text)) take_line(runs, line);
  return runs;
}

std::string format_journal(const std::vector<JournalRun>& runs) {
  std::string text = std::string(greeting) + "\n";
  for (const JournalRun& run : runs) {
    text += format_start(run) + format_entries(run.entries);
    if (run.ended) text += end_line;
    if (run.undone) text += fmt::format("undone {}\n", format_utc(run.started));
  }
  return text;
}

std::vector<JournalRun> read_journal(const fs::path& path) {
  return parse_journal(read_file(path).value_or(""));
}

void note_ended(const fs::path& path) {
  append_line(path, end_line, 0600);
}

void note_undone(const fs::path& path, Time run) {
  append_line(path, fmt::format("undone {}\n", format_utc(run)), 0600);
}

void Journal::add(const std::vector<JournalEntry>& entries) {
  if (entries.empty()) return;
  std::string text = format_entries(entries);
  if (!begun_) {
    make_private_folder(path_.parent_path());
    keep_short(path_, run_.started);
    const bool fresh = !fs::exists(path_);
    text = (fresh ? std::string(greeting) + "\n" : "") + format_start(run_) + text;
  }
  append_line(path_, text, 0600);
  begun_ = true;
}

void Journal::end() {
  if (begun_) note_ended(path_);
  begun_ = false;
}

}  // namespace syncmanager::sync
