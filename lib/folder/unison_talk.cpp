#include "folder/unison_talk.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "folder/unison_item.hpp"

namespace syncmanager::folder {

namespace {

constexpr std::size_t most_listed = 1000;

/// Which side a forbidden item would change; nothing where that can't be told.
std::optional<Side> held_back_from(const UnisonItem& item, const UnisonView& view) {
  const Side left = view.local_first ? Side::local : Side::server;
  const Side right = view.local_first ? Side::server : Side::local;
  if (item.right.empty() != item.left.empty()) return item.left.empty() ? left : right;
  if (view.force) return view.pull ? Side::local : Side::server;
  return std::nullopt;
}

/// Which side the item changes, or would change if it were not for a dry run; nothing where it stays.
std::optional<Side> changed_side(const UnisonItem& item, const UnisonView& view) {
  if (points_right(item.arrow)) return view.local_first ? Side::server : Side::local;
  if (points_left(item.arrow)) return view.local_first ? Side::local : Side::server;
  if (view.dry_run && item.arrow == unison_forbidden) return held_back_from(item, view);
  return std::nullopt;
}

bool is_two_way(const UnisonView& view) {
  return view.pull && view.push && !view.dry_run;
}

/// What changed on both sides, and is left so. In a dry run also what the template decides nobody knows how.
bool is_undecided(const UnisonItem& item, const UnisonView& view) {
  if (item.arrow == unison_conflict) return true;
  if (is_merge(item.arrow)) return !is_two_way(view);
  return view.dry_run && item.arrow == unison_forbidden && !held_back_from(item, view);
}

std::string path_of(const UnisonItem& item) {
  return item.path.empty() ? "." : std::string(item.path);
}

std::vector<FileMove> moves_of(const UnisonItem& item, const UnisonView& view) {
  if (is_merge(item.arrow) && is_two_way(view))
    return {{Side::local, false, path_of(item)}, {Side::server, false, path_of(item)}};
  const std::optional<Side> side = changed_side(item, view);
  if (!side || !(*side == Side::server ? view.push : view.pull)) return {};
  const bool from_left = (*side == Side::server) == view.local_first;
  return {{*side, (from_left ? item.left : item.right) == "deleted", path_of(item)}};
}

void add(FilesOutcome& files, FileMove&& move) {
  FilesMoved& moved = move.side == Side::local ? files.here : files.there;
  ++(move.deleted ? moved.deleted : moved.copied);
  if (files.moves.size() < FilesOutcome::most_moves) files.moves.push_back(std::move(move));
}

void list(std::vector<std::string>& names, std::string name) {
  const bool known = std::ranges::find(names, name) != names.end();
  if (!known && names.size() < most_listed) names.push_back(std::move(name));
}

/// What has been left, at the end of the error stream.
struct Left {
  enum class What { skipped, in_part, failed };
  What what = What::skipped;
  std::string path;
  std::string reason;  ///< of what is skipped
};

struct Beginning {
  std::string_view words;
  Left::What what;
};

constexpr std::array<Beginning, 3> beginnings{{
    {"\n  skipped: ", Left::What::skipped},
    {"\n  partially transferred: ", Left::What::in_part},
    {"\n  failed: ", Left::What::failed},
}};

/// `PATH`, or `PATH (REASON)`, which may have line feeds in both.
Left parse_left(Left::What what, std::string_view text) {
  // A reason has no parenthesis before which there is a blank, as far as is known; a path may have.
  const auto begin = what == Left::What::skipped ? text.rfind(" (") : std::string_view::npos;
  Left left{.what = what, .path = std::string(text.substr(0, begin)), .reason = {}};
  if (left.path.empty()) left.path = ".";
  if (begin != std::string_view::npos) left.reason = text.substr(begin + 2, text.rfind(')') - begin - 2);
  std::ranges::replace(left.reason, '\n', ' ');
  return left;
}

struct Found {
  std::size_t at = std::string_view::npos;
  const Beginning* beginning = nullptr;
};

Found next_left(std::string_view errors) {
  Found found;
  for (const Beginning& beginning : beginnings) {
    const auto at = errors.find(beginning.words);
    if (at < found.at) found = {at, &beginning};
  }
  return found;
}

/// Everything that looks like one: names with line feeds may add to it, and can hide nothing.
std::vector<Left> all_left(std::string_view errors) {
  std::vector<Left> all;
  for (Found found = next_left(errors); found.beginning != nullptr;) {
    errors.remove_prefix(found.at + found.beginning->words.size());
    const Found next = next_left(errors);
    std::string_view text = errors.substr(0, next.at);
    if (text.ends_with('\n')) text.remove_suffix(1);
    all.push_back(parse_left(found.beginning->what, text));
    found = next;
  }
  return all;
}

/// It was not allowed to.
bool is_forbidden(std::string_view reason) {
  return reason.starts_with("would ") && reason.ends_with(" set");
}

bool is_conflict(std::string_view reason) {
  return reason.find("on both sides") != std::string_view::npos ||
         reason.find("conflicting updates") != std::string_view::npos || reason == "atomic directory";
}

/// The first line of the text, and the second where that is what the first one announces.
std::string announced(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.empty()) return {};
  std::string words(trim(lines.front()));
  if (words.ends_with(':') && lines.size() > 1) words += ' ' + std::string(trim(lines[1]));
  return words;
}

/// `Failed [PATH]: REASON`, over one line or two, on the standard output.
std::string reason_of_failure(std::string_view output, const std::string& path) {
  const std::string beginning = "Failed [" + path + "]: ";
  const auto begin = output.find(beginning);
  if (begin == std::string_view::npos) return "it could not be copied";
  return announced(output.substr(begin + beginning.size()));
}

/// `[root 1]: REASON`, below the item, of the first thing in the folder that could not be read.
std::string reason_of_part(std::string_view output, const std::string& path) {
  constexpr std::string_view beginning = "\n[root ";
  constexpr std::string_view behind_number = "1]: ";
  const auto item = output.find("   " + path + "  \n");
  const auto begin = item == std::string_view::npos ? item : output.find(beginning, item);
  if (begin == std::string_view::npos) return "not all of it could be read";
  return announced(output.substr(std::min(begin + beginning.size() + behind_number.size(), output.size())));
}

void take_left(FilesOutcome& files, const Left& left, std::string_view output) {
  const auto trouble = [&](const std::string& reason) { list(files.troubles, left.path + ": " + reason); };
  switch (left.what) {
    case Left::What::failed:
      // A merge that was not to be.
      if (std::ranges::find(files.conflicts, left.path) == files.conflicts.end())
        trouble(reason_of_failure(output, left.path));
      return;
    case Left::What::in_part: trouble(reason_of_part(output, left.path)); return;
    case Left::What::skipped:
      if (is_conflict(left.reason))
        list(files.conflicts, left.path);
      else if (!is_forbidden(left.reason))
        trouble(left.reason);
      return;
  }
}

/// The item that begins in this line, perhaps behind a spinner that a carriage return has it written over; the rest of
/// a name with line feeds is taken from the lines that follow.
std::optional<UnisonItem> item_at(std::string_view text) {
  constexpr std::string_view end = "  \n";
  const auto line_end = std::min(text.find('\n'), text.size());
  for (std::size_t begin = 0; begin < line_end;) {
    if (parse_unison_item(text.substr(begin, line_end - begin)))
      return parse_unison_item(
          text.substr(begin, std::min(text.find(end, begin), text.size() - end.size()) + 2 - begin));
    begin = std::min(text.find('\r', begin), line_end) + 1;
  }
  return std::nullopt;
}

FilesOutcome files_of(std::string_view output, std::string_view errors, const UnisonView& view) {
  const std::vector<Left> all = all_left(errors);
  std::set<std::string_view> failed;
  for (const Left& left : all) {
    if (left.what == Left::What::failed) failed.insert(left.path);
  }
  FilesOutcome files;
  const std::string_view whole_output = output;
  while (!output.empty()) {
    if (const std::optional<UnisonItem> item = item_at(output)) {
      if (is_undecided(*item, view)) list(files.conflicts, path_of(*item));
      for (FileMove& move : moves_of(*item, view)) {
        if (!failed.contains(move.path)) add(files, std::move(move));
      }
    }
    output.remove_prefix(std::min(output.find('\n'), output.size() - 1) + 1);
  }
  for (const Left& left : all) take_left(files, left, whole_output);
  return files;
}

struct Saying {
  std::string_view words;
  Ending ending;
};

/// The first one that is found decides.
constexpr std::array<Saying, 9> sayings{{
    {"completely emptied", Ending::refused},
    {"the archives are locked", Ending::held},
    {"The archive file is missing on some hosts", Ending::forgotten},
    {"Received unexpected header", Ending::misfit},
    {"server's RPC versions are supported", Ending::misfit},
    {"incompatible", Ending::failed},
    {"Lost connection with the server", Ending::offline},
    {"Connection timed out", Ending::offline},
    {"Fatal error", Ending::failed},
}};

/// All of it that is behind the last empty line.
std::string last_paragraph(std::string_view text) {
  std::string words;
  bool ended = true;
  for (const std::string_view line : lines_of(text)) {
    const std::string_view content = trim(line);
    if (!content.empty() && ended) words.clear();
    if (!content.empty()) words.append(words.empty() ? "" : " ").append(content);
    ended = content.empty();
  }
  return words;
}

std::string last_line(std::string_view text) {
  std::string_view last;
  for (const std::string_view line : lines_of(text)) {
    if (!trim(line).empty()) last = trim(line);
  }
  return std::string(last);
}

/// `Fatal error: …`, or the last line. Where an argument is wrong, what is the matter stands behind all the options.
std::string telling_line(std::string_view errors) {
  constexpr std::array<std::string_view, 2> beginnings_of_last_words = {"Fatal error: ", "\nError: "};  // since 2.53.8
  for (const std::string_view beginning : beginnings_of_last_words) {
    const auto begin = errors.find(beginning);
    if (begin == std::string_view::npos) continue;
    const std::string_view text = errors.substr(begin + beginning.size());
    return text.starts_with("Usage: ") ? last_paragraph(text) : announced(text);
  }
  return last_line(errors);
}

CopyResult ended_early(std::string_view errors) {
  CopyResult result;
  result.ending = Ending::failed;
  result.words = telling_line(errors);
  for (const Saying& saying : sayings) {
    if (errors.find(saying.words) == std::string_view::npos) continue;
    result.ending = saying.ending;
    break;
  }
  return result;
}

}  // namespace

CopyResult unison_result(int status, std::string_view output, std::string_view errors, const UnisonView& view) {
  constexpr int most_harmless = 2;
  // It also ends with 1 where it does not even begin.
  const bool to_its_end =
      status == 0 || (status <= most_harmless && errors.find("\nSynchronization ") != std::string_view::npos);
  if (!to_its_end) return ended_early(errors);
  CopyResult result;
  result.files = files_of(output, errors, view);
  if (status != 0 && all_left(errors).empty()) {
    result.ending = Ending::failed;
    result.words = fmt::format("it ended with {} and did not say what it left", status);
  }
  if (!result.files.troubles.empty()) result.ending = Ending::partial;
  return result;
}

}  // namespace syncmanager::folder
