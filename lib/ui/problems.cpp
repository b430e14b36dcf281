#include "ui/problems.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <functional>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "ui/columns.hpp"
#include "ui/words.hpp"

namespace syncmanager::ui {

namespace {

struct Heading {
  Status kind;
  std::string_view text;
  Tone tone;
};

/// In the order of the exit codes, so that the first one explains the exit code.
constexpr std::array headings = {
    Heading{Status::auth, "no access", Tone::bad},          Heading{Status::failed, "failed", Tone::bad},
    Heading{Status::attention, "needs you", Tone::warning}, Heading{Status::locked, "locked", Tone::warning},
    Heading{Status::offline, "offline", Tone::warning},     Heading{Status::skipped, "skipped", Tone::strong},
};

/// More files than this make the rest of the report hard to find; `-v` and JSON have all.
constexpr std::size_t shown_files = 10;
constexpr std::size_t widest_author = 24;
constexpr std::size_t widest_subject = 60;
/// Names of projects are wrapped here, whatever the terminal's width, so that a report reads the same in a mail.
constexpr std::size_t names_width = 76;

bool same_words(const Problem& one, const Problem& other) {
  return one.kind == other.kind && one.message == other.message && one.hint == other.hint &&
         one.server_words == other.server_words;
}

bool same_cause(const Problem& one, const Problem& other) {
  return one.branches.empty() && other.branches.empty() && one.files == other.files && same_words(one, other);
}

void add(std::vector<Problem>& problems, Problem problem) {
  const auto known = std::ranges::find_if(problems, [&](const Problem& one) { return same_cause(one, problem); });
  if (known == problems.end()) {
    problems.push_back(std::move(problem));
  } else {
    known->projects.push_back(std::move(problem.projects.front()));
  }
}

/// Nothing tells them apart but their names.
bool same_but_for_the_branch(const Problem& one, const Problem& other) {
  return same_words(one, other) && one.reason == other.reason && one.files == other.files && one.commits.empty() &&
         other.commits.empty();
}

/// "main (diverged): 3 commits only here, 2 only on the server"
void add_branch(std::vector<Problem>& problems, const ProjectOutcome& project, const BranchOutcome& branch,
                const std::string& name) {
  if (branch.result == Result::ok) return;
  const Status kind = branch.result == Result::failed ? Status::failed : Status::attention;
  Problem problem{kind,         {project.name},      {name},        branch.reason, branch.message, branch.hint,
                  branch.files, branch.server_words, branch.commits};
  const auto known =
      std::ranges::find_if(problems, [&](const Problem& one) { return same_but_for_the_branch(one, problem); });
  if (known == problems.end()) {
    problems.push_back(std::move(problem));
  } else {
    known->branches.push_back(name);
  }
}

std::vector<Problem> problems_in(const ProjectOutcome& project) {
  std::vector<Problem> problems;
  for (const BranchOutcome& branch : project.branches) add_branch(problems, project, branch, branch.name);
  for (const BranchOutcome& tag : project.tags) add_branch(problems, project, tag, tag_name(tag));
  const bool told_by_branches = !problems.empty() && (project.message.empty() || tells_what_was_done(project));
  if (project.status != Status::ok && !told_by_branches) {
    std::string message = project.message;
    if (message.empty()) message = to_string(project.status);
    std::vector<std::string> files = project.files.conflicts;
    files.insert(files.end(), project.files.troubles.begin(), project.files.troubles.end());
    problems.push_back(
        {project.status, {project.name}, {}, {}, std::move(message), project.hint, std::move(files), {}, {}});
  }
  if (problems.empty() || project.server_words.empty()) return problems;
  // What was said of all of them must not seem to be said of one.
  if (told_by_branches) problems.push_back({project.status, {project.name}, {}, {}, {}, {}, {}, {}, {}});
  problems.back().server_words = project.server_words;
  return problems;
}

/// "a, b, c", escaped, over as many lines as it takes. The first one begins at `column`, further lines at `indent`.
std::string name_list(const std::vector<std::string>& names, std::size_t column, std::size_t indent,
                      const std::function<std::string(const std::string&)>& painted) {
  std::string text;
  for (const std::string& raw : names) {
    const std::string name = escape_text(raw);
    if (&raw != names.data()) {
      const bool fits = column + width_of(name) + 2 <= names_width;
      text += fits ? ", " : ",\n" + std::string(indent, ' ');
      column = fits ? column + 2 : indent;
    }
    text += painted(name);
    column += width_of(name);
  }
  return text;
}

/// "  notes: main, topic (mass-deletion)"
std::string subject_of(const Problem& problem, const TextStyle& style) {
  constexpr std::size_t indent = 2;
  std::string subject(indent, ' ');
  subject += name_list(problem.projects, indent, indent,
                       [&](const std::string& name) { return paint(style, Tone::strong, name); });
  if (problem.branches.empty()) return subject;
  const std::size_t column = indent + width_of(escape_text(problem.projects.front())) + indent;
  subject += ": " + name_list(problem.branches, column, 2 * indent, [](const std::string& name) { return name; });
  if (problem.reason) subject += fmt::format(" ({})", to_string(*problem.reason));
  return subject;
}

/// The lines of `text`, escaped: the first one behind `first`, the others behind `next`.
std::string indented(std::string_view first, std::string_view next, std::string_view text) {
  const std::string escaped = escape_text(trim(text), true);
  std::string result;
  for (const std::string_view line : lines_of(escaped)) {
    result += fmt::format("{}{}\n", result.empty() ? first : next, line);
  }
  return result;
}

std::string file_lines(const Problem& problem, const TextStyle& style) {
  const std::size_t shown = style.verbose ? problem.files.size() : std::min(problem.files.size(), shown_files);
  std::string text;
  for (std::size_t at = 0; at < shown; ++at) text += fmt::format("      {}\n", escape_text(problem.files[at]));
  const std::size_t hidden = problem.files.size() - shown;
  if (hidden > 0) text += fmt::format("      and {} (-v lists all)\n", count(hidden, "more file"));
  return text;
}

/// "here    8f0c1d2  2026-11-24 22:57  Jane Doe  fix the parser", the time as it was where it was made.
std::string commit_lines(const Problem& problem) {
  std::size_t author = 0;
  for (const CommitNote& commit : problem.commits) {
    author = std::max(author, width_of(escape_text(commit.author)));
  }
  std::string text;
  for (const CommitNote& commit : problem.commits) {
    // Not through the system clock, whose nanoseconds end in the year 2262.
    const std::time_t seconds = (commit.time + commit.offset).time_since_epoch().count();
    const std::string subject = escape_text(commit.subject);
    const std::string_view shown = shortened(subject, widest_subject);
    text += fmt::format("      {:6}  {}  {:%Y-%m-%d %H:%M}  {}  {}{}\n", commit.side == Side::local ? "here" : "server",
                        commit.id.short_hex(), fmt::gmtime(seconds),
                        padded(escape_text(commit.author), std::min(author, widest_author)), shown,
                        shown.size() < subject.size() ? "..." : "");
  }
  return text;
}

std::string one_problem(const Problem& problem, const TextStyle& style) {
  const std::string subject = subject_of(problem, style);
  const bool wrapped = subject.find('\n') != std::string::npos;
  const std::string lead = subject + (wrapped ? ":\n    " : ": ");
  return (problem.message.empty() ? subject + '\n' : indented(lead, "    ", problem.message)) + commit_lines(problem) +
         file_lines(problem, style) + indented("    server: ", "    server: ", problem.server_words) +
         indented(fmt::format("    {} ", arrows(style).advice), "      ", problem.hint);
}

}  // namespace

bool tells_what_was_done(const ProjectOutcome& project) {
  const auto waits = [](const BranchOutcome& branch) { return branch.result == Result::attention; };
  const bool branches_wait = std::ranges::any_of(project.branches, waits) || std::ranges::any_of(project.tags, waits);
  return project.status == Status::ok || (project.status == Status::attention && branches_wait && project.hint.empty());
}

std::string tag_name(const BranchOutcome& tag) {
  return "tag " + tag.name;
}

std::vector<Problem> problems_of(const RunReport& report, bool skipped_too) {
  std::vector<Problem> problems;
  for (const ProjectOutcome& project : report.projects) {
    if (project.status == Status::skipped && !skipped_too) continue;
    for (Problem& problem : problems_in(project)) add(problems, std::move(problem));
  }
  return problems;
}

std::string problem_text(const std::vector<Problem>& problems, const TextStyle& style) {
  std::string text;
  for (const Heading& heading : headings) {
    std::string body;
    for (const Problem& problem : problems) {
      if (problem.kind == heading.kind) body += one_problem(problem, style);
    }
    if (body.empty()) continue;
    if (!text.empty()) text += '\n';
    text += paint(style, heading.tone, fmt::format("{}:", heading.text)) + '\n' + body;
  }
  return text;
}

}  // namespace syncmanager::ui
