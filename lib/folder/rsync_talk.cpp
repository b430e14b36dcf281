#include "folder/rsync_talk.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace syncmanager::folder {

namespace {

constexpr std::size_t item_length = 11;  // of `%i`
constexpr std::size_t most_troubles = 1000;
constexpr unsigned long most = std::numeric_limits<unsigned long>::max();

std::optional<char> escaped_byte(std::string_view text) {
  constexpr std::size_t length = 5;  // `\#012`
  if (text.size() < length || !text.starts_with("\\#")) return std::nullopt;
  unsigned value = 0;
  for (const char digit : text.substr(2, 3)) {
    if (digit < '0' || digit > '7') return std::nullopt;
    value = 8 * value + static_cast<unsigned>(digit - '0');
  }
  return value > 0xff ? std::nullopt : std::optional(static_cast<char>(value));
}

/// What it says about one file, and about nothing else.
bool is_trouble(std::string_view line) {
  constexpr std::array<std::string_view, 6> beginnings = {"rsync: ",
                                                          "cannot delete non-empty directory: ",
                                                          "could not make way for ",
                                                          "file has vanished: ",
                                                          "IO error encountered",
                                                          "ERROR: "};
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return line.starts_with(beginning); });
}

/// What follows from another trouble: the line broke because the other side's rsync gave up.
bool is_echo(std::string_view line) {
  constexpr std::array<std::string_view, 4> echoes = {"connection unexpectedly closed", "Broken pipe",
                                                      "Connection reset by peer", "error in rsync protocol"};
  return std::ranges::any_of(echoes, [&](std::string_view echo) { return line.find(echo) != std::string_view::npos; });
}

/// `rsync: [sender] send_files failed …` without what only rsync's authors want to know; before 3.2, without brackets.
std::string_view plain(std::string_view line) {
  constexpr std::string_view beginning = "rsync: ";
  if (!line.starts_with(beginning)) return line;
  line.remove_prefix(beginning.size());
  const auto end = line.starts_with('[') ? line.find("] ") : std::string_view::npos;
  return end == std::string_view::npos ? line : line.substr(end + 2);
}

Ending ending_of(int status, bool has_cause) {
  switch (status) {
    case 0:
    case 24: return Ending::complete;  // files went away while it worked
    case 1:                            // it does not know one of our options
    case 2:
    case 4: return Ending::misfit;
    case 23: return Ending::partial;
    case 25: return Ending::refused;
    case 10:
    case 12: return has_cause ? Ending::failed : Ending::offline;
    case 30:
    case 35: return Ending::offline;
    default: return Ending::failed;
  }
}

}  // namespace

std::string rsync_name(std::string_view printed) {
  std::string name;
  while (!printed.empty()) {
    const std::optional<char> byte = escaped_byte(printed);
    name += byte.value_or(printed.front());
    printed.remove_prefix(byte ? 5 : 1);
  }
  return name;
}

void RsyncReader::take_item(std::string_view item, std::string_view name) {
  FilesMoved& moved = side_ == Side::local ? files_.here : files_.there;
  const bool deleted = item.starts_with("*deleting");
  const bool folder = name.ends_with('/');
  if (deleted) ++deletions_;
  // A folder is told when it is made, and a file also where only its date is set.
  const bool written = item[0] == '<' || item[0] == '>' || item[0] == 'h' || (item[0] == 'c' && item[1] == 'L');
  if (folder || !(deleted || written)) return;
  ++(deleted ? moved.deleted : moved.copied);
  if (written && item.substr(2, 9) != "+++++++++") ++moved.replaced;
  if (files_.moves.size() < FilesOutcome::most_moves) files_.moves.push_back({side_, deleted, rsync_name(name)});
  if (written) ++transfer_.objects;
}

void RsyncReader::take_progress(std::string_view line) {
  const std::string_view text = trim(line);
  const auto bytes = parse_number(text.substr(0, text.find(' ')), most);
  if (!bytes || text.find('%') == std::string_view::npos) return;
  transfer_.bytes = *bytes;
  if (on_transfer_) on_transfer_(transfer_);
}

void RsyncReader::take_line(std::string_view line) {
  if (!line.starts_with('@')) return take_progress(line);
  line.remove_prefix(1);
  if (line.size() <= item_length || line[item_length] != ' ') return;
  const std::string_view item = line.substr(0, item_length);
  const auto name = line.find(' ', item_length + 1);
  if (name != std::string_view::npos) take_item(item, line.substr(name + 1));
}

void RsyncReader::feed(std::string_view piece) {
  lines_.feed(piece, [this](std::string_view line) { take_line(line); });
}

bool ssh_failed(int status) {
  return status == 255;
}

CopyResult rsync_result(int status, std::string_view errors, FilesOutcome files) {
  CopyResult result;
  result.files = std::move(files);
  std::string_view last;
  std::string_view cause;
  for (const std::string_view line : lines_of(errors)) {
    const std::string_view words = trim(line);
    if (words.empty()) continue;
    last = words;
    if (!is_trouble(words) || is_echo(words)) continue;
    if (cause.empty()) cause = plain(words);
    if (result.files.troubles.size() < most_troubles) result.files.troubles.emplace_back(plain(words));
  }
  result.ending = ending_of(status, !cause.empty());
  if (result.ending != Ending::complete) result.words = cause.empty() ? last : cause;
  if (result.ending != Ending::partial) result.files.troubles.clear();
  // Something was not copied, whatever words it has for that.
  if (result.ending == Ending::partial && result.files.troubles.empty()) result.files.troubles.push_back(result.words);
  return result;
}

}  // namespace syncmanager::folder
