#include "ui/status_rows.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "ui/columns.hpp"
#include "ui/words.hpp"

namespace syncmanager::ui {

namespace {

std::string_view words(Standing standing) {
  switch (standing) {
    case Standing::same:
    case Standing::ahead:
    case Standing::behind: return "";
    case Standing::new_here: return "new here";
    case Standing::new_there: return "new on the server";
    case Standing::gone_here: return "deleted here";
    case Standing::gone_there: return "deleted on the server";
    case Standing::diverged: return "diverged";
    case Standing::rewritten_here: return "rewritten here";
    case Standing::rewritten_there: return "rewritten on the server";
    case Standing::rewound_here: return "rewound here";
    case Standing::rewound_there: return "rewound on the server";
  }
  return "";
}

/// "diverged: 3 ahead, 2 behind"
std::string standing_text(const BranchStatus& branch) {
  std::vector<std::string> counts;
  add_count(counts, branch.ahead.value_or(0), "ahead");
  add_count(counts, branch.behind.value_or(0), "behind");
  std::string text(words(branch.standing));
  if (!counts.empty()) text += (text.empty() ? "" : ": ") + joined(counts, ", ");
  return text;
}

StatusRow branch_row(const ShownProject& one, std::size_t at, const TextStyle& style) {
  const BranchOutcome& outcome = one.outcome.branches[at];
  const BranchStatus& branch = one.status.branches[at];
  const Arrows signs = arrows(style);
  StatusRow row{.sign = "=", .branch = escape_text(branch.name), .text = standing_text(branch)};
  if (outcome.result != Result::ok) {
    row.sign = "!";
    row.tone = Tone::warning;
  } else if (moves(outcome)) {
    row.sign = outcome.side == Side::local ? signs.here : signs.there;
    row.tone = Tone::good;
  } else if (branch.standing != Standing::same) {
    row.sign = "-";
  }
  const auto add = [&](const std::string& words) { row.text += (row.text.empty() ? "" : ", ") + words; };
  if (!branch.busy.empty()) add(branch.busy + " under way");
  if (!branch.worktree.empty() && !branch.in_own_tree) add("checked out in " + escape_text(branch.worktree));
  return row;
}

/// Branches that are kept as they are (`deletions = keep`) have nothing to say each time.
bool worth_a_row(const BranchOutcome& outcome, const BranchStatus& branch) {
  if (outcome.result != Result::ok || outcome.action != Done::none) return true;
  switch (branch.standing) {
    case Standing::same:
    case Standing::gone_here:
    case Standing::gone_there: return false;
    case Standing::new_here:
    case Standing::new_there:
    case Standing::ahead:
    case Standing::behind:
    case Standing::diverged:
    case Standing::rewritten_here:
    case Standing::rewritten_there:
    case Standing::rewound_here:
    case Standing::rewound_there: return true;
  }
  return true;
}

/// "2 changed, 1 staged, 4 untracked"; empty where there is nothing to say.
std::string worktree_text(const WorktreeStatus& worktree) {
  std::vector<std::string> parts;
  if (worktree.branch.empty()) {
    parts.emplace_back("HEAD is detached");
  } else if (worktree.unborn) {
    parts.push_back("no commit on " + escape_text(worktree.branch) + " yet");
  }
  if (!worktree.busy.empty()) parts.push_back(worktree.busy + " under way");
  if (const auto& changes = worktree.changes) {
    add_count(parts, changes->conflicts, "in conflict");
    add_count(parts, changes->changed, "changed");
    add_count(parts, changes->staged, "staged");
    add_count(parts, changes->untracked, "untracked");
  }
  if (!worktree.message.empty()) {
    parts.push_back("git can't read it: " + escape_text(worktree.hint.empty() ? worktree.message : worktree.hint));
  }
  if (parts.empty()) return {};
  return (worktree.own ? "" : "in " + escape_text(worktree.folder) + ": ") + joined(parts, ", ");
}

std::string kept_text(const ShownProject& one, bool verbose) {
  const ProjectStatus& status = one.status;
  std::vector<std::string> parts;
  if (status.stashes > 0 && !one.seen_before)
    parts.push_back(number(status.stashes) + (status.stashes == 1 ? " stash" : " stashes"));
  add_count(parts, status.parked.size(), "parked on the server");
  if (verbose) add_count(parts, status.rescued.size(), "rescued (--rescued lists)");
  return joined(parts, ", ");
}

/// Whether the report says that anyway, below the projects.
bool is_told(const ShownProject& one, const std::string& reason) {
  const bool as_the_last_run = one.status.last_run && one.status.last_run->message == reason;
  return reason.empty() || as_the_last_run ||
         std::ranges::any_of(one.outcome.branches, [&](const BranchOutcome& branch) {
           return branch.result != Result::ok && reason.starts_with(branch.name + ": ");
         });
}

/// "commit queued 3 minutes ago, tried 2 times, next in 5 minutes: no connection to server"
std::string queued_text(const ShownProject& one, const QueuedStatus& queued) {
  std::string text = queued.event + " queued " + ago(one.now - queued.since);
  if (queued.attempts == 0) return text;
  text += ", tried " + (queued.attempts == 1 ? "once" : count(queued.attempts, "time"));
  text += queued.next_try ? ", next " + in_time(*queued.next_try - one.now) : ", waits for you";
  return is_told(one, queued.reason) ? text : text + ": " + escape_text(queued.reason);
}

/// Trouble that is no person's to solve.
bool passing(const std::optional<LastRun>& run) {
  return run && (run->status == Status::offline || run->status == Status::locked);
}

std::size_t widest(const std::vector<StatusRow>& rows, std::string StatusRow::*member, std::size_t most) {
  std::size_t width = 0;
  for (const StatusRow& row : rows) {
    const std::size_t own = width_of(row.*member);
    if (own <= most) width = std::max(width, own);
  }
  return width;
}

}  // namespace

void add_count(std::vector<std::string>& parts, std::size_t value, std::string_view words) {
  if (value > 0) parts.push_back(fmt::format("{} {}", number(value), words));
}

std::vector<StatusRow> rows_of(const ShownProject& one, const TextStyle& style) {
  std::vector<StatusRow> rows;
  for (std::size_t i = 0; i < one.status.branches.size(); ++i) {
    const bool told = style.verbose || worth_a_row(one.outcome.branches[i], one.status.branches[i]);
    if (told) rows.push_back(branch_row(one, i, style));
  }
  const auto add = [&](std::string text) {
    if (!text.empty()) rows.push_back({.sign = {}, .branch = {}, .text = std::move(text)});
  };
  if (!one.seen_before) {
    for (const WorktreeStatus& worktree : one.status.worktrees) add(worktree_text(worktree));
  }
  for (const QueuedStatus& queued : one.status.queued) add(queued_text(one, queued));
  add(kept_text(one, style.verbose));
  if (const std::size_t inside = one.outcome.files.left_out.size(); inside > 0)
    add(count(inside, ".git") + " inside not copied" +
        (style.verbose ? ": " + escape_text(joined(one.outcome.files.left_out, ", ")) : ""));
  if (passing(one.status.last_run)) add("last sync: " + escape_text(one.status.last_run->message));
  return rows;
}

std::string lines_of_rows(const std::vector<StatusRow>& rows, const std::string& indent, const TextStyle& style) {
  const std::size_t sign = widest(rows, &StatusRow::sign, widest_branch);
  const std::size_t branch = widest(rows, &StatusRow::branch, widest_branch);
  std::string text;
  for (const StatusRow& row : rows) {
    std::string line = indent + "  ";
    if (!row.sign.empty()) {
      line += paint(style, row.tone, row.sign) + padded(row.sign, sign).substr(row.sign.size()) + ' ';
      line += padded(row.branch, branch) + "  ";
    }
    line += row.text;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace syncmanager::ui
