#include "sync/journal.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "model/ref_name.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;
using Kind = JournalEntry::Kind;

constexpr const char* end_line = "end\n";
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
  if (!is_ref_name(entry.ref)) return std::nullopt;
  return entry;
}

std::optional<JournalRun> parse_run(const std::vector<std::string>& words) {
  constexpr std::size_t expected = 4;
  const auto started = words.size() == expected && words[0] == "run" ? parse_utc(words[1]) : std::nullopt;
  if (!started || !is_ref_name(words[2]) || !is_ref_name(words[3])) return std::nullopt;
  JournalRun run;
  run.started = *started;
  run.tool = words[2];
  run.remote = words[3];
  return run;
}

/// `undone TIME REMOTE`; without a remote it is about all of them.
void mark_undone(std::vector<JournalRun>& runs, const std::vector<std::string>& words) {
  const auto time = parse_utc(words[1]);
  for (JournalRun& run : runs) {
    const bool meant = words.size() == 2 || run.remote == words[2];
    if (time && run.started == *time && meant) run.undone = true;
  }
}

/// `kept REF FROM TO` and `half REF FROM TO`, of a move that was taken down before.
void take_fate(JournalRun& run, std::vector<std::string> words) {
  const bool kept = std::exchange(words[0], "ref") == "kept";
  const auto told = parse_entry(words);
  if (!told) return;
  const auto same = [&](const JournalEntry& entry) {
    return entry.kind != Kind::sent && entry.ref == told->ref && entry.from == told->from && entry.to == told->to;
  };
  const auto last = std::find_if(run.entries.rbegin(), run.entries.rend(), same);
  if (last == run.entries.rend()) return;
  last->half = !kept;
  if (kept) run.entries.erase(std::next(last).base());
}

void take_line(std::vector<JournalRun>& runs, std::string_view line) {
  const std::vector<std::string> words = split(line, " ");
  if (auto run = parse_run(words)) {
    runs.push_back(std::move(*run));
  } else if ((words.size() == 2 || words.size() == 3) && words[0] == "undone") {
    mark_undone(runs, words);
  } else if (!runs.empty() && !words.empty() && (words[0] == "kept" || words[0] == "half")) {
    take_fate(runs.back(), words);
  } else if (!runs.empty() && words.size() == 1 && words[0] == "end") {
    runs.back().ended = true;
  } else if (auto entry = runs.empty() ? std::nullopt : parse_entry(words)) {
    runs.back().entries.push_back(std::move(*entry));
  }
}

std::string format_entry(std::string_view kind, const JournalEntry& entry) {
  if (!is_ref_name(entry.ref)) {
    throw Error(ErrorKind::failed, "write the journal: git gives no ref the name " + excerpt(entry.ref));
  }
  return fmt::format("{} {} {} {}\n", kind, entry.ref, word(entry.from), word(entry.to));
}

std::string format_entries(const std::vector<JournalEntry>& entries) {
  std::string text;
  for (const JournalEntry& entry : entries) {
    const auto* const kind = std::ranges::find_if(kinds, [&](const auto& one) { return one.first == entry.kind; });
    text += format_entry(kind->second, entry);
    if (entry.half) text += format_entry("half", entry);
  }
  return text;
}

std::string format_undone(const JournalRun& run) {
  return fmt::format("undone {} {}\n", format_utc(run.started), run.remote);
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
    if (run.undone) text += format_undone(run);
  }
  return text;
}

std::vector<JournalRun> read_journal(const fs::path& path) {
  return parse_journal(read_file(path).value_or(""));
}

void note_ended(const fs::path& path) {
  append_line(path, end_line, 0600);
}

void note_undone(const fs::path& path, const JournalRun& run) {
  append_line(path, format_undone(run), 0600);
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
  for (const JournalEntry& entry : entries) {
    if (entry.kind != Kind::sent) planned_.push_back({entry});
  }
  append_line(path_, text, 0600, flush());
  begun_ = true;
}

/// What was sent is told to people, and nothing is put right by it.
Flush Journal::flush() const {
  return planned_.empty() ? Flush::no : Flush::yes;
}

Journal::Planned* Journal::last_of(const std::string& ref) {
  const auto last = std::find_if(planned_.rbegin(), planned_.rend(),
                                 [&](const Planned& planned) { return planned.entry.ref == ref; });
  return last != planned_.rend() ? &*last : nullptr;
}

void Journal::begin(const std::string& ref) {
  if (Planned* const planned = last_of(ref)) planned->stays = false;
}

void Journal::kept(const std::string& ref) {
  if (Planned* const planned = last_of(ref)) planned->stays = true;
}

void Journal::half_made(const std::string& ref) {
  if (const Planned* const planned = last_of(ref)) append_line(path_, format_entry("half", planned->entry), 0600);
}

void Journal::end() {
  if (!begun_) return;
  std::string text;
  for (const Planned& planned : planned_) {
    if (planned.stays) text += format_entry("kept", planned.entry);
  }
  append_line(path_, text + end_line, 0600, flush());
  begun_ = false;
  planned_.clear();
}

}  // namespace syncmanager::sync
