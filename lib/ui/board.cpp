#include "ui/board.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "ui/columns.hpp"
#include "ui/words.hpp"

namespace syncmanager::ui {

namespace {

/// Wider names push their own line to the right, not everybody's.
constexpr std::size_t widest_name = 24;
/// A rate over less time than this jumps about.
constexpr std::chrono::duration<double> steady{0.5};
constexpr std::size_t names_shown = 3;

/// Of the deltas; git's numbers are not trusted.
int percent(const Transfer& transfer) {
  const std::uint64_t deltas = std::min(transfer.deltas, transfer.total_deltas);
  return static_cast<int>(100.0 * static_cast<double>(deltas) / static_cast<double>(transfer.total_deltas));
}

}  // namespace

std::string progress_line(const std::string& project, const Transfer& transfer, std::chrono::duration<double> elapsed,
                          std::size_t name_width) {
  std::string line = padded(escape_text(project), name_width);
  if (transfer.total_deltas > 0) return line + fmt::format("  resolving deltas {}%", percent(transfer));
  const bool files = transfer.what == Transfer::What::files;
  const std::string_view act = transfer.sending ? "sending" : "receiving";
  line += fmt::format("  {} {}", files ? "copying" : act, number(transfer.objects));
  if (transfer.total_objects > 0) line += fmt::format(" of {}", number(transfer.total_objects));
  line += fmt::format(" {}  {}", files ? "files" : "objects", size(transfer.bytes));
  if (elapsed >= steady) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(transfer.bytes) / elapsed.count());
    line += fmt::format("  {}/s", size(rate));
  }
  return line;
}

void Board::queue(const std::string& project) {
  works_[project] = Work{};
}

void Board::start(const std::string& project) {
  works_[project] = Work{.started = true, .transfer = {}, .since = {}};
}

void Board::transfer(const std::string& project, const Transfer& transfer, Time now) {
  Work& work = works_[project];
  const bool continues =
      work.transfer && work.transfer->sending == transfer.sending && work.transfer->bytes <= transfer.bytes;
  if (!continues) work.since = now;
  work.started = true;
  work.transfer = transfer;
}

void Board::finish(const std::string& project) {
  works_.erase(project);
  ++done_;
}

std::vector<std::string> Board::transfer_lines(Time now) const {
  std::size_t width = 0;
  for (const auto& [project, work] : works_) {
    const std::size_t own = width_of(escape_text(project));
    if (work.transfer && own <= widest_name) width = std::max(width, own);
  }
  std::vector<std::string> lines;
  for (const auto& [project, work] : works_) {
    if (work.transfer) lines.push_back("  " + progress_line(project, *work.transfer, now - work.since, width));
  }
  return lines;
}

std::string Board::names_line(std::string_view what, bool started) const {
  std::vector<std::string> names;
  for (const auto& [project, work] : works_) {
    if (!work.transfer && work.started == started) names.push_back(escape_text(project));
  }
  if (names.empty()) return {};
  const std::size_t hidden = names.size() - std::min(names.size(), names_shown);
  names.resize(names.size() - hidden);
  std::string line = fmt::format("  {} {}", what, joined(names, ", "));
  if (hidden > 0) line += fmt::format(" and {} more", number(hidden));
  return line;
}

std::vector<std::string> Board::lines(Time now, std::size_t most) const {
  std::vector<std::string> lines = transfer_lines(now);
  for (std::string line : {names_line("working on", true), names_line("waiting for", false)}) {
    if (!line.empty()) lines.push_back(std::move(line));
  }
  if (!lines.empty() && done_ > 0) lines.back() += fmt::format(", {} done", number(done_));
  if (lines.size() > most) {
    const std::size_t hidden = lines.size() - most + 1;
    lines.resize(most);
    lines.back() = fmt::format("  and {} more", number(hidden));
  }
  return lines;
}

}  // namespace syncmanager::ui
