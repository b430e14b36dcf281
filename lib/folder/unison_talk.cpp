#include "folder/unison_talk.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"

namespace syncmanager::folder {

namespace {

constexpr std::size_t most_listed = 1000;

// The columns of an item: both sides' states of 8 letters, with the arrow of 5 between them, then the path.
constexpr std::size_t state_width = 8;
constexpr std::size_t arrow_begin = 9;
constexpr std::size_t arrow_width = 5;
constexpr std::size_t right_begin = 15;
constexpr std::size_t path_begin = 26;
constexpr std::string_view path_end = "  ";

constexpr std::string_view conflict = "<-?->";
constexpr std::string_view forbidden = "<=?=>";

bool is_arrow(std::string_view text) {
  constexpr std::array<std::string_view, 8> arrows = {
      "---->", "<----", "====>", "<====", conflict, forbidden, "<-M->", "error"};
  return std::ranges::find(arrows, text) != arrows.end();
}

/// A spinner that is written over by a carriage return.
std::string_view last_state(std::string_view line) {
  const auto end = line.rfind('\r');
  return end == std::string_view::npos ? line : line.substr(end + 1);
}

bool points_right(std::string_view arrow) {
  return arrow == "---->" || arrow == "====>";
}

bool points_left(std::string_view arrow) {
  return arrow == "<----" || arrow == "<====";
}

/// Where the item goes, or would go if it were not for a dry run; nothing where it stays.
std::optional<FileMove> move_of(const UnisonItem& item, const UnisonView& view) {
  const bool held_back = view.dry_run && item.arrow == forbidden && item.left.empty() != item.right.empty();
  const bool to_right = points_right(item.arrow) || (held_back && !item.left.empty());
  const bool to_left = points_left(item.arrow) || (held_back && !item.right.empty());
  if (!to_right && !to_left) return std::nullopt;
  const Side side = to_right == view.local_first ? Side::server : Side::local;
  const bool wanted = side == Side::server ? view.push : view.pull;
  if (!wanted) return std::nullopt;
  return FileMove{side, (to_right ? item.left : item.right) == "deleted", std::string(item.path)};
}

void add(FilesOutcome& files, FileMove&& move) {
  FilesMoved& moved = move.side == Side::local ? files.here : files.there;
  ++(move.deleted ? moved.deleted : moved.copied);
  if (files.moves.size() < FilesOutcome::most_moves) files.moves.push_back(std::move(move));
}

void take_back(FilesOutcome& files, std::string_view path) {
  const auto found = std::ranges::find(files.moves, path, &FileMove::path);
  if (found == files.moves.end()) return;
  FilesMoved& moved = found->side == Side::local ? files.here : files.there;
  --(found->deleted ? moved.deleted : moved.copied);
  files.moves.erase(found);
}

void list(std::vector<std::string>& names, std::string name) {
  const bool known = std::ranges::find(names, name) != names.end();
  if (!known && names.size() < most_listed) names.push_back(std::move(name));
}

/// What has been left, at the end of the error stream.
struct Left {
  bool failed = false;
  std::string path;
  std::string reason;
};

/// `PATH (REASON)`, which may have line feeds in both.
Left parse_left(bool failed, std::string_view text) {
  // A reason has no parenthesis before which there is a blank, as far as is known; a path may have.
  const auto begin = failed ? std::string_view::npos : text.rfind(" (");
  Left left{.failed = failed, .path = std::string(text.substr(0, begin)), .reason = {}};
  if (begin != std::string_view::npos) left.reason = text.substr(begin + 2, text.rfind(')') - begin - 2);
  std::ranges::replace(left.reason, '\n', ' ');
  return left;
}

/// Everything that looks like one: names with line feeds may add to it, and can hide nothing.
std::vector<Left> all_left(std::string_view errors) {
  constexpr std::string_view skipped = "\n  skipped: ";
  constexpr std::string_view failed = "\n  failed: ";
  std::vector<Left> all;
  while (true) {
    const auto begin = std::min(errors.find(skipped), errors.find(failed));
    if (begin == std::string_view::npos) return all;
    const bool is_failed = errors.substr(begin).starts_with(failed);
    errors.remove_prefix(begin + (is_failed ? failed.size() : skipped.size()));
    std::string_view text = errors.substr(0, std::min(errors.find(skipped), errors.find(failed)));
    if (text.ends_with('\n')) text.remove_suffix(1);
    all.push_back(parse_left(is_failed, text));
  }
}

/// It was not allowed to.
bool is_forbidden(std::string_view reason) {
  return reason.starts_with("would ") && reason.ends_with(" set");
}

bool is_conflict(std::string_view reason) {
  return reason.find("on both sides") != std::string_view::npos ||
         reason.find("conflicting updates") != std::string_view::npos;
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

void take_left(FilesOutcome& files, const Left& left, std::string_view output) {
  if (left.failed) {
    take_back(files, left.path);
    list(files.troubles, left.path + ": " + reason_of_failure(output, left.path));
  } else if (is_conflict(left.reason)) {
    list(files.conflicts, left.path);
  } else if (!is_forbidden(left.reason)) {
    list(files.troubles, left.path + ": " + left.reason);
  }
}

/// The item that begins in this line; the rest of a name with line feeds is taken from those that follow.
std::optional<UnisonItem> item_at(std::string_view text) {
  constexpr std::string_view end = "  \n";
  const std::string_view first = last_state(text.substr(0, text.find('\n')));
  if (!parse_unison_item(first)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(first.data() - text.data());
  return parse_unison_item(text.substr(begin, std::min(text.find(end), text.size() - end.size()) + 2 - begin));
}

FilesOutcome files_of(std::string_view output, std::string_view errors, const UnisonView& view) {
  FilesOutcome files;
  const std::string_view whole_output = output;
  while (!output.empty()) {
    if (const std::optional<UnisonItem> item = item_at(output)) {
      if (item->arrow == conflict) list(files.conflicts, std::string(item->path));
      if (std::optional<FileMove> move = move_of(*item, view)) add(files, std::move(*move));
    }
    output.remove_prefix(std::min(output.find('\n'), output.size() - 1) + 1);
  }
  for (const Left& left : all_left(errors)) take_left(files, left, whole_output);
  return files;
}

struct Saying {
  std::string_view words;
  Ending ending;
};

/// The first one that is found decides.
constexpr std::array<Saying, 8> sayings{{
    {"completely emptied", Ending::refused},
    {"the archives are locked", Ending::held},
    {"The archive file is missing on some hosts", Ending::forgotten},
    {"Received unexpected header", Ending::misfit},
    {"incompatible", Ending::failed},
    {"Lost connection with the server", Ending::offline},
    {"Connection timed out", Ending::offline},
    {"Fatal error", Ending::failed},
}};

/// `Fatal error: …`, or the last line.
std::string telling_line(std::string_view errors) {
  constexpr std::string_view beginning = "Fatal error: ";
  if (const auto fatal = errors.find(beginning); fatal != std::string_view::npos)
    return announced(errors.substr(fatal + beginning.size()));
  std::string_view last;
  for (const std::string_view line : lines_of(errors)) {
    if (!trim(line).empty()) last = trim(line);
  }
  return std::string(last);
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

std::optional<UnisonItem> parse_unison_item(std::string_view line) {
  if (line.size() <= path_begin || !is_arrow(line.substr(arrow_begin, arrow_width))) return std::nullopt;
  const auto is_blank = [&](std::size_t at) { return line[at] == ' '; };
  if (!is_blank(arrow_begin - 1) || !is_blank(right_begin - 1) || !is_blank(path_begin - 1)) return std::nullopt;
  UnisonItem item{.left = trim(line.substr(0, state_width)),
                  .arrow = line.substr(arrow_begin, arrow_width),
                  .right = trim(line.substr(right_begin, state_width)),
                  .path = line.substr(path_begin)};
  if (item.path.ends_with(path_end)) item.path.remove_suffix(path_end.size());
  return item;
}

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

void UnisonProgress::take_line(std::string_view line) {
  if (const std::optional<UnisonItem> item = parse_unison_item(line)) {
    const bool moves = points_right(item->arrow) || points_left(item->arrow);
    if (moves) ++transfer_.total_objects;
    sized_ = !moves;
    return;
  }
  constexpr std::string_view before_size = "  size ";
  if (const auto size = line.find(before_size);
      size != std::string_view::npos && !sized_ && line.find(" : unchanged") == std::string_view::npos) {
    const std::string_view number = line.substr(size + before_size.size());
    bytes_ += parse_number(number.substr(0, number.find(' ')), std::numeric_limits<unsigned long>::max()).value_or(0);
    sized_ = true;
    return;
  }
  const std::string_view text = trim(line);
  const auto percent = parse_number(text.substr(0, text.find('%')), 100);
  if (!percent || !text.ends_with("ETA")) return;
  transfer_.bytes = static_cast<std::uint64_t>(static_cast<double>(bytes_) * static_cast<double>(*percent) / 100);
  transfer_.objects = transfer_.total_objects * *percent / 100;
  if (on_transfer_) on_transfer_(transfer_);
}

void UnisonProgress::feed(std::string_view piece) {
  lines_.feed(piece, [this](std::string_view line) { take_line(line); });
}

}  // namespace syncmanager::folder
