#include "sync/last_runs.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/file_lock.hpp"
#include "base/state_word.hpp"
#include "base/text.hpp"
#include "base/utc.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

constexpr std::string_view first_line = "syncmanager last runs 1";
/// What is older belongs to projects that nobody has any more.
constexpr std::chrono::hours remembered_for(24 * 366);
constexpr std::array statuses = {Status::ok,      Status::attention, Status::failed, Status::auth,
                                 Status::offline, Status::locked,    Status::skipped};

std::optional<Status> parse_status(std::string_view word) {
  for (const Status status : statuses) {
    if (to_string(status) == word) return status;
  }
  return std::nullopt;
}

void take_line(LastRuns& runs, std::string_view line) {
  constexpr std::size_t expected = 9;
  const std::vector<std::string> words = split(line, " ");
  if (words.size() != expected) return;
  const auto ended = parse_utc(words[0]);
  const auto status = parse_status(words[2]);
  if (!ended || !status) return;
  runs[{raw_word(words[4]), raw_word(words[3]), raw_word(words[5])}] = {.ended = *ended,
                                                                        .tool = raw_word(words[1]),
                                                                        .status = *status,
                                                                        .branch = raw_word(words[6]),
                                                                        .message = raw_word(words[7]),
                                                                        .hint = raw_word(words[8])};
}

/// Only a run comes to it; of all else that waits a forecast tells whether it still does.
bool only_a_run_tells(const BranchOutcome& branch) {
  constexpr std::array reasons = {Reason::dirty, Reason::conflict, Reason::name_clash, Reason::bad_name};
  return branch.result == Result::attention && branch.reason &&
         std::ranges::find(reasons, *branch.reason) != reasons.end();
}

/// Of what a run left, one thing that can't be seen again without another run: of a folder, anything. A tag goes first:
/// of a branch it can be seen that it needs nobody any more.
Complaint left_for_a_person(const ProjectOutcome& project) {
  if (project.client != Client::git) return complaint_of(project);
  const auto tag = std::ranges::find(project.tags, Result::attention, &BranchOutcome::result);
  if (tag != project.tags.end()) {
    return {.branch = {}, .message = tag->name + ": " + tag->message, .hint = tag->hint, .server_words = {}};
  }
  const auto branch = std::ranges::find_if(project.branches, only_a_run_tells);
  if (branch == project.branches.end()) return {};
  return {.branch = branch->name,
          .message = branch->name + ": " + branch->message,
          .hint = branch->hint,
          .server_words = {}};
}

LastRun last_run(const ProjectOutcome& project, const std::string& tool, Time ended) {
  LastRun run{.ended = ended, .tool = tool, .status = project.status, .branch = {}, .message = {}, .hint = {}};
  if (project.status == Status::ok) return run;
  Complaint complaint = project.status == Status::attention ? left_for_a_person(project) : complaint_of(project);
  run.branch = std::move(complaint.branch);
  run.message = std::move(complaint.message);
  run.hint = std::move(complaint.hint);
  const std::string_view words = trim(complaint.server_words);
  // A hook says the most important thing last.
  if (!words.empty()) run.message += "; server: " + std::string(trim(words.substr(words.find_last_of("\r\n") + 1)));
  return run;
}

}  // namespace

LastRunKey key_of(const ProjectOutcome& project) {
  return {project.path, project.remote, project.url};
}

LastRuns parse_last_runs(std::string_view text) {
  LastRuns runs;
  const auto lines = lines_of(text);
  if (lines.empty() || lines.front() != first_line) return runs;
  for (const std::string_view line : lines) take_line(runs, line);
  return runs;
}

std::string format_last_runs(const LastRuns& runs) {
  std::string text = std::string(first_line) + '\n';
  for (const auto& [key, run] : runs) {
    const auto& [path, remote, url] = key;
    text += format_utc(run.ended);
    for (const std::string_view part : {std::string_view(run.tool), to_string(run.status), std::string_view(remote),
                                        std::string_view(path), std::string_view(url), std::string_view(run.branch),
                                        std::string_view(run.message), std::string_view(run.hint)}) {
      text += ' ' + state_word(part);
    }
    text += '\n';
  }
  return text;
}

LastRuns read_last_runs(const Environment& environment) {
  return parse_last_runs(read_file(last_runs_path(environment)).value_or(""));
}

void remember(const RunReport& report, const std::string& tool, const Environment& environment) {
  const Time ended = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  make_private_folder(environment.state_folder());
  constexpr std::chrono::seconds longest(2);  // others hold it for milliseconds
  const auto lock = FileLock::acquire(last_runs_lock_path(environment), tool, longest);
  if (!lock) throw Error(ErrorKind::locked, "remember what the run came to: another run holds the file");
  LastRuns runs = read_last_runs(environment);
  std::erase_if(runs, [&](const auto& entry) { return ended - entry.second.ended > remembered_for; });
  for (const ProjectOutcome& project : report.projects) {
    if (project.status != Status::skipped) runs[key_of(project)] = last_run(project, tool, ended);
  }
  AtomicFile file(last_runs_path(environment), 0600);
  file.write(format_last_runs(runs));
  file.commit(Flush::no);
}

}  // namespace syncmanager::sync
