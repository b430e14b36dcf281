#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/escape.hpp"
#include "ui/columns.hpp"
#include "ui/problems.hpp"
#include "ui/report.hpp"
#include "ui/status_rows.hpp"
#include "ui/words.hpp"

namespace syncmanager::ui {

namespace {

using Clock = std::chrono::system_clock;

std::string last_sync_text(const std::optional<LastRun>& run, Clock::time_point now) {
  if (!run) return "never synced from here";
  const std::string when = ago(now - run->ended);
  switch (run->status) {
    case Status::ok: return "last sync " + when;
    case Status::attention: return "last sync " + when + " left something for you";
    case Status::offline: return "last sync failed " + when + ", offline";
    case Status::locked: return "last sync failed " + when + ", locked";
    case Status::auth: return "last sync failed " + when + ", no access";
    case Status::failed:
    case Status::skipped: break;
  }
  return "last sync failed " + when;
}

/// "1 to pull, 2 to push, 1 needs you"
std::string pending_text(const ProjectOutcome& project) {
  std::size_t here = 0;
  std::size_t there = 0;
  std::size_t waiting = 0;
  for (const BranchOutcome& branch : project.branches) {
    if (branch.result != Result::ok) ++waiting;
    if (moves(branch)) ++(branch.side == Side::local ? here : there);
  }
  std::vector<std::string> parts;
  add_count(parts, here, here == 1 ? "branch to pull" : "branches to pull");
  add_count(parts, there, (there == 1 ? "branch to push" : "branches to push"));
  add_count(parts, waiting, waiting == 1 ? "needs you" : "need you");
  return joined(parts, ", ");
}

std::string absent_text(const ShownProject& one) {
  switch (one.outcome.status) {
    case Status::ok: return escape_text(one.outcome.message + ": " + one.outcome.hint);
    case Status::failed: return "can't be cloned: something else is there";
    case Status::attention:
    case Status::auth:
    case Status::offline:
    case Status::locked:
    case Status::skipped: break;
  }
  return "not cloned, " + last_sync_text(one.status.last_run, one.now);
}

std::string never_synced_text(const ShownProject& one) {
  const std::string text = "never synced: sync-now " + escape_text(shell_word(one.outcome.name));
  return one.status.last_run ? text + ", " + last_sync_text(one.status.last_run, one.now) : text;
}

std::string headline(const ShownProject& one) {
  switch (one.status.state) {
    case ProjectState::synced: return last_sync_text(one.status.last_run, one.now);
    case ProjectState::unreadable: return "can't be read";
    case ProjectState::not_cloned: return absent_text(one);
    case ProjectState::never_synced: return never_synced_text(one);
    case ProjectState::in_sync:
    case ProjectState::pending:
    case ProjectState::attention: break;
  }
  // Of a folder only a run knows how it stands.
  if (one.outcome.client != Client::git) return last_sync_text(one.status.last_run, one.now);
  const std::string pending = pending_text(one.outcome);
  return (pending.empty() ? "in sync" : pending) + ", " + last_sync_text(one.status.last_run, one.now);
}

/// Nothing but that it is in sync.
bool is_quiet(const ShownProject& one, const std::vector<StatusRow>& rows) {
  const bool fine = one.status.state == ProjectState::in_sync || one.status.state == ProjectState::synced;
  return fine && rows.empty();
}

std::vector<ShownProject> all_of(const StatusReport& report) {
  std::vector<ShownProject> all;
  std::set<std::string_view> folders;
  for (std::size_t i = 0; i < report.projects.size(); ++i) {
    const ProjectOutcome& outcome = report.run.projects[i];
    all.push_back({outcome, report.projects[i], report.run.started, !folders.insert(outcome.path).second});
  }
  return all;
}

std::string project_lines(const std::vector<ShownProject>& all, const TextStyle& style) {
  std::vector<std::pair<const ShownProject*, std::vector<StatusRow>>> told;
  std::size_t width = 0;
  for (const ShownProject& one : all) {
    std::vector<StatusRow> rows = rows_of(one, style);
    if (!style.verbose && is_quiet(one, rows)) continue;
    const std::size_t own = width_of(escape_text(one.outcome.name));
    if (own <= widest_project) width = std::max(width, own);
    told.emplace_back(&one, std::move(rows));
  }
  std::string text;
  for (const auto& [one, rows] : told) {
    const std::string name = escape_text(one->outcome.name);
    text += paint(style, Tone::strong, name) + padded(name, width).substr(name.size()) + "  " + headline(*one) + '\n';
    text += lines_of_rows(rows, std::string(width, ' '), style);
  }
  return text;
}

struct StatePart {
  ProjectState state;
  std::string_view one;
  std::string_view many;
};

constexpr std::array state_parts = {
    StatePart{ProjectState::in_sync, "in sync", "in sync"},
    StatePart{ProjectState::synced, "folder synced before", "folders synced before"},
    StatePart{ProjectState::pending, "to sync", "to sync"},
    StatePart{ProjectState::never_synced, "never synced", "never synced"},
    StatePart{ProjectState::not_cloned, "not cloned", "not cloned"},
    StatePart{ProjectState::attention, "needs you", "need you"},
    StatePart{ProjectState::unreadable, "can't be read", "can't be read"},
};

/// "last sync 3 minutes ago", or of which times.
std::string last_syncs(const StatusReport& report) {
  std::vector<Time> times;
  for (const ProjectStatus& project : report.projects) {
    if (project.last_run) times.push_back(project.last_run->ended);
  }
  if (times.empty()) return {};
  const auto [oldest, newest] = std::ranges::minmax(times);
  const std::string last = ago(report.run.started - newest);
  const std::string first = ago(report.run.started - oldest);
  return "; last sync " + last + (first == last ? "" : ", the oldest " + first);
}

std::string summary_line(const StatusReport& report, const TextStyle& style) {
  std::vector<std::string> counts;
  for (const StatePart& part : state_parts) {
    const auto found = static_cast<std::size_t>(std::ranges::count(report.projects, part.state, &ProjectStatus::state));
    add_count(counts, found, found == 1 ? part.one : part.many);
  }
  const std::size_t projects = report.projects.size();
  std::string text = projects == 0 ? "no projects" : count(projects, "project");
  const bool all_in_sync = counts.size() == 1 && report.projects.front().state == ProjectState::in_sync;
  if (all_in_sync) {
    text += " in sync";
  } else if (!counts.empty()) {
    text += ": " + joined(counts, ", ");
  }
  if (!report.run.errors.empty()) text += fmt::format(", {}", count(report.run.errors.size(), "error"));
  const Tone tone = exit_code(report.run) == 0 ? Tone::good : Tone::plain;
  return paint(style, tone, text) + last_syncs(report) + fmt::format(" ({})\n", duration(report.run.seconds));
}

/// The problems of projects that could not be looked into, which end the run with 1; empty where there are none.
std::string unreadable_text(const StatusReport& report, const TextStyle& style) {
  RunReport unreadable;
  for (const ShownProject& one : all_of(report)) {
    if (one.outcome.status == Status::failed) unreadable.projects.push_back(one.outcome);
  }
  return problem_text(problems_of(unreadable, false), style);
}

}  // namespace

std::string status_report(const StatusReport& report, const TextStyle& style) {
  std::string problems = problem_text(problems_of(report.run, false), style);
  if (style.quiet) return problems;
  std::string text = project_lines(all_of(report), style);
  if (!problems.empty()) text += (text.empty() ? "" : "\n") + problems + '\n';
  return text + summary_line(report, style);
}

std::string rescued_report(const StatusReport& report, const TextStyle& style) {
  std::string text;
  for (const ShownProject& one : all_of(report)) {
    if (one.status.rescued.empty()) continue;
    text += paint(style, Tone::strong, escape_text(one.outcome.name)) + '\n';
    for (const RescuedStatus& rescued : one.status.rescued) {
      text += fmt::format("  {:%Y-%m-%d %H:%M} UTC  {}  {}  {}\n", fmt::gmtime(Clock::to_time_t(rescued.since)),
                          rescued.tip.short_hex(), escape_text(rescued.name), escape_text(rescued.subject));
      text += fmt::format("    {} {}\n", arrows(style).advice, escape_text(rescued.command));
    }
  }
  const std::string problems = unreadable_text(report, style);
  if (!problems.empty()) return text + (text.empty() ? "" : "\n") + problems;
  if (text.empty() && !style.quiet) return "nothing is rescued: no branch has lost a commit in the last 90 days\n";
  return text;
}

}  // namespace syncmanager::ui
