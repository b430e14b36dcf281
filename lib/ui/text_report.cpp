#include "ui/report.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "base/utc.hpp"
#include "ui/columns.hpp"
#include "ui/problems.hpp"
#include "ui/words.hpp"

namespace syncmanager::ui {

namespace {

/// One line of the upper part, its texts escaped. Only the first line of a project has a name.
struct Row {
  std::string project;
  std::string arrow;   ///< empty: `text` is all there is
  std::string branch;  ///< empty: the arrow belongs to `text`
  std::string before;
  std::string after;
  std::string text;
};

constexpr std::size_t short_oid = 7;

/// What the arrow and the two tips do not say by themselves.
std::string_view word(Done action) {
  switch (action) {
    case Done::none:
    case Done::create:
    case Done::fast_forward:
    case Done::remove: return "";
    case Done::merge: return "merged";
    case Done::rebase: return "rebased";
    case Done::replace: return "replaced";
    case Done::park: return "parked";
    case Done::refuse: return "left as it is";
  }
  return "";
}

bool nothing_to_say(const BranchOutcome& branch) {
  return branch.action == Done::none && branch.message.empty();
}

Row row_of(const BranchOutcome& branch, const std::string& name, bool dry_run, const TextStyle& style) {
  const Arrows signs = arrows(style);
  Row row;
  row.branch = escape_text(name);
  if (branch.action == Done::none) {
    row.arrow = "=";
    const auto& tip = branch.after ? branch.after : branch.before;
    if (tip) row.before = tip->short_hex();
  } else {
    row.arrow = branch.side == Side::local ? signs.here : signs.there;
    row.before = branch.before ? branch.before->short_hex() : "new";
    row.after = branch.after ? branch.after->short_hex() : "deleted";
  }
  if (dry_run && branch.action != Done::none) {
    row.text = fmt::format("would {}", to_string(branch.action));
  } else {
    row.text = word(branch.action);
  }
  if (!branch.message.empty()) row.text += (row.text.empty() ? "" : ", ") + escape_text(branch.message);
  return row;
}

/// "12 files, 3 deleted", or "would copy 12 files, would delete 3"
std::string moved_text(const FilesMoved& moved, bool dry_run) {
  std::vector<std::string> parts;
  if (moved.copied > 0) parts.push_back((dry_run ? "would copy " : "") + count(moved.copied, "file"));
  if (moved.deleted > 0) {
    const std::string deleted = number(moved.deleted);
    parts.push_back(dry_run ? "would delete " + deleted : deleted + " deleted");
  }
  return joined(parts, ", ");
}

Row file_row(const FileMove& move, std::string_view arrow) {
  Row row;
  row.arrow = arrow;
  row.text = "  " + escape_text(move.path) + (move.deleted ? "  deleted" : "");
  return row;
}

/// What came to `side`, or went from it.
void add_moved_rows(std::vector<Row>& rows, const FilesOutcome& files, Side side, bool dry_run,
                    const TextStyle& style) {
  const FilesMoved& moved = side == Side::local ? files.here : files.there;
  if (moved == FilesMoved()) return;
  const std::string_view arrow = side == Side::local ? arrows(style).here : arrows(style).there;
  Row& row = rows.emplace_back();
  row.arrow = arrow;
  row.text = moved_text(moved, dry_run);
  const bool lost_something = moved.replaced + moved.deleted > 0;
  if (lost_something && !files.backup.empty()) row.text += "; older ones are in " + escape_text(files.backup);
  if (!style.verbose) return;
  for (const FileMove& move : files.moves) {
    if (move.side == side) rows.push_back(file_row(move, arrow));
  }
}

Row message_row(std::string_view message) {
  Row row;
  row.text = escape_text(message);
  return row;
}

/// `same` is what a project is where nothing changed.
void add_rows(std::vector<Row>& rows, const ProjectOutcome& project, bool dry_run, std::string_view same,
              const TextStyle& style) {
  const std::size_t first = rows.size();
  const auto add = [&](const BranchOutcome& branch, const std::string& name) {
    const bool told = branch.result == Result::ok && (style.verbose || !nothing_to_say(branch));
    if (told) rows.push_back(row_of(branch, name, dry_run, style));
  };
  for (const BranchOutcome& branch : project.branches) add(branch, branch.name);
  for (const BranchOutcome& tag : project.tags) add(tag, tag_name(tag));
  for (const Side side : {Side::local, Side::server}) add_moved_rows(rows, project.files, side, dry_run, style);
  if (tells_what_was_done(project)) {
    for (const std::string_view line : lines_of(project.message)) rows.push_back(message_row(line));
  }
  if (project.status == Status::ok) {
    for (const std::string_view line : lines_of(project.server_words)) {
      rows.push_back(message_row("server: " + std::string(line)));
    }
    if (style.verbose && rows.size() == first) rows.push_back(message_row(same));
  }
  for (const std::string& repository : project.files.left_out) {
    rows.push_back(message_row(repository + " is not copied: make it a git project, or see sync-conf(5)"));
  }
  if (rows.size() > first) rows[first].project = escape_text(project.name);
}

std::size_t widest(const std::vector<Row>& rows, std::string Row::*member, std::size_t most) {
  std::size_t width = 0;
  for (const Row& row : rows) {
    const std::size_t own = width_of(row.*member);
    if (own <= most) width = std::max(width, own);
  }
  return width;
}

struct Widths {
  std::size_t project;
  std::size_t arrow;
  std::size_t branch;
};

std::string line_of(const Row& row, const Widths& widths, const TextStyle& style) {
  const auto cell = [&](Tone tone, const std::string& text, std::size_t width) {
    // Painted first, padded by what is seen of it.
    return paint(style, tone, text) + padded(text, width).substr(text.size());
  };
  std::string line = cell(Tone::strong, row.project, widths.project) + "  ";
  const bool quiet_row = row.after.empty();
  if (!row.arrow.empty()) {
    const bool nothing_moved = quiet_row && !row.branch.empty();
    line += cell(nothing_moved ? Tone::plain : Tone::good, row.arrow, widths.arrow) + " ";
  }
  if (!row.branch.empty()) {
    line += padded(row.branch, widths.branch) + "  " + padded(row.before, short_oid);
    if (!quiet_row) {
      const Tone tone = row.after == "deleted" ? Tone::warning : Tone::plain;
      line += fmt::format(" {} {}", arrows(style).to, cell(tone, row.after, short_oid));
    }
    line += "  ";
  }
  line += row.text;
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

std::string moves(const RunReport& report, const TextStyle& style, std::string_view same) {
  std::vector<Row> rows;
  for (const ProjectOutcome& project : report.projects) add_rows(rows, project, report.dry_run, same, style);
  const Widths widths{widest(rows, &Row::project, widest_project), widest(rows, &Row::arrow, short_oid),
                      widest(rows, &Row::branch, widest_branch)};
  std::string text;
  for (const Row& row : rows) text += line_of(row, widths, style);
  return text;
}

std::uint64_t projects_with(const RunReport& report, Status status) {
  return static_cast<std::uint64_t>(std::ranges::count(report.projects, status, &ProjectOutcome::status));
}

struct Part {
  Status status;
  std::string_view one;
  std::string_view many;
};

constexpr std::array parts = {
    Part{Status::auth, "without access", "without access"},
    Part{Status::failed, "failed", "failed"},
    Part{Status::attention, "needs you", "need you"},
    Part{Status::locked, "locked", "locked"},
    Part{Status::offline, "offline", "offline"},
    Part{Status::skipped, "skipped", "skipped"},
};

/// ", 1 needs you, 2 offline, 1 error in the conf files"
std::string trouble_counts(const RunReport& report) {
  std::string text;
  for (const Part& part : parts) {
    const std::uint64_t found = projects_with(report, part.status);
    if (found > 0) text += fmt::format(", {} {}", number(found), found == 1 ? part.one : part.many);
  }
  const auto in_files =
      std::ranges::count_if(report.errors, [](const ConfigError& error) { return !error.origin.file.empty(); });
  const auto elsewhere = std::ranges::ssize(report.errors) - in_files;
  if (in_files > 0) text += fmt::format(", {} in the conf files", count(static_cast<std::uint64_t>(in_files), "error"));
  if (elsewhere > 0) text += fmt::format(", {}", count(static_cast<std::uint64_t>(elsewhere), "usage error"));
  return text;
}

/// `same` tells what all projects are where nothing changed and nothing is wrong.
std::string last_line(const RunReport& report, const TextStyle& style, std::string_view same) {
  const auto changes = static_cast<std::uint64_t>(summarize(report).changed);
  const std::string troubles = trouble_counts(report);
  const bool fine = exit_code(report) == 0;
  std::string text = report.interrupted ? "interrupted: " : "";
  if (report.dry_run) text += "dry run: ";
  const std::uint64_t skipped = projects_with(report, Status::skipped);
  const bool all_same = fine && changes == 0 && report.projects.size() > skipped;
  const std::uint64_t counted = report.projects.size() - (all_same ? skipped : 0);
  text += counted == 0 ? "no projects" : count(counted, "project");
  if (changes > 0) text += fmt::format(", {} {}", number(changes), report.dry_run ? "would change" : "changed");
  if (all_same) text += fmt::format(" {}", same);
  return paint(style, fine ? Tone::good : Tone::plain, text + troubles) +
         fmt::format(" ({})\n", duration(report.seconds));
}

std::string whole_report(const RunReport& report, const TextStyle& style, std::string_view same) {
  std::string problems = problem_text(problems_of(report, style.verbose), style);
  if (style.quiet) return problems;
  std::string text = moves(report, style, same);
  if (!problems.empty()) text += (text.empty() ? "" : "\n") + problems + '\n';
  return text + last_line(report, style, same);
}

}  // namespace

std::string text_report(const RunReport& report, const TextStyle& style) {
  return whole_report(report, style, "in sync");
}

std::string log_report(const RunReport& report) {
  const Time started = std::chrono::time_point_cast<std::chrono::milliseconds>(report.started);
  return fmt::format("== {} {}\n", format_utc(started), report.tool) + text_report(report, TextStyle());
}

std::string settings_report(const RunReport& report, const TextStyle& style) {
  return whole_report(report, style, "set as the conf files say");
}

std::string undo_report(const RunReport& report, const TextStyle& style) {
  return whole_report(report, style, "without anything to take back");
}

std::string delete_report(const RunReport& report, const TextStyle& style) {
  return whole_report(report, style, "unchanged");
}

std::string hooks_report(const RunReport& report, const TextStyle& style) {
  return whole_report(report, style, "with hooks as the conf files say");
}

std::string hooks_status_report(const RunReport& report, const TextStyle& style) {
  std::string problems = problem_text(problems_of(report, style.verbose), style);
  if (style.quiet) return problems;
  const std::string text = moves(report, style, "");
  return problems.empty() ? text : text + (text.empty() ? "" : "\n") + problems;
}

std::string check_report(const RunReport& report, const TextStyle& style) {
  const bool fine = report.errors.empty();
  if (style.quiet && fine) return {};
  const std::string problems = fine ? "no problems" : count(report.errors.size(), "problem");
  const std::string line = fmt::format("{}, {}", count(report.projects.size(), "project"), problems);
  return paint(style, fine ? Tone::good : Tone::bad, line) + '\n';
}

}  // namespace syncmanager::ui
