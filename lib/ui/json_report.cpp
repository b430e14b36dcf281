#include "ui/report.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "base/escape.hpp"

namespace syncmanager::ui {

namespace {

/// Keeps the order in which keys are set: people read it too.
using Json = nlohmann::ordered_json;

/// JSON holds Unicode only: bytes that are none stand as git quotes them.
Json text(const std::string& raw) {
  return is_utf8(raw) ? raw : git_quote(raw);
}

/// "There is none" is null, never an empty text.
Json text_or_null(const std::string& raw) {
  return raw.empty() ? Json(nullptr) : text(raw);
}

Json list(const std::vector<std::string>& names) {
  Json array = Json::array();
  for (const std::string& name : names) array.push_back(text(name));
  return array;
}

Json tip(const std::optional<Oid>& oid) {
  return oid ? Json(oid->hex()) : Json(nullptr);
}

/// To the millisecond; more digits are noise.
Json seconds(std::chrono::duration<double> time) {
  return std::round(time.count() * 1000) / 1000;
}

bool in_sync(const BranchOutcome& branch) {
  return branch.action == Done::none && branch.result == Result::ok && branch.message.empty();
}

/// 2026-11-24T22:57:26+01:00
std::string time_there(const CommitNote& commit) {
  // Not through the system clock, whose nanoseconds end in the year 2262.
  const std::time_t seconds = (commit.time + commit.offset).time_since_epoch().count();
  const auto away = std::chrono::abs(commit.offset);
  const auto hours = std::chrono::floor<std::chrono::hours>(away);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}{}{:02}:{:02}", fmt::gmtime(seconds), commit.offset.count() < 0 ? '-' : '+',
                     hours.count(), (away - hours).count());
}

Json commit_values(const std::vector<CommitNote>& commits) {
  Json array = Json::array();
  for (const CommitNote& commit : commits) {
    array.push_back({{"side", to_string(commit.side)},
                     {"oid", commit.id.hex()},
                     {"author", text(commit.author)},
                     {"date", time_there(commit)},
                     {"subject", text(commit.subject)}});
  }
  return array;
}

Json branch_value(const BranchOutcome& branch) {
  return {
      {"name", text(branch.name)},
      {"action", to_string(branch.action)},
      {"side", to_string(branch.side)},
      {"old", tip(branch.before)},
      {"new", tip(branch.after)},
      {"outcome", to_string(branch.result)},
      {"reason", branch.reason ? Json(to_string(*branch.reason)) : Json(nullptr)},
      {"message", text_or_null(branch.message)},
      {"hint", text_or_null(branch.hint)},
      {"files", list(branch.files)},
      {"commits", commit_values(branch.commits)},
      {"server_words", text_or_null(branch.server_words)},
  };
}

Json branch_values(const std::vector<BranchOutcome>& branches, bool verbose) {
  Json array = Json::array();
  for (const BranchOutcome& branch : branches) {
    if (verbose || !in_sync(branch)) array.push_back(branch_value(branch));
  }
  return array;
}

Json moved_value(const FilesMoved& moved) {
  return {{"copied", moved.copied}, {"replaced", moved.replaced}, {"deleted", moved.deleted}};
}

Json files_value(const FilesOutcome& files) {
  return {
      {"copied", files.here.copied + files.there.copied},
      {"deleted", files.here.deleted + files.there.deleted},
      {"local", moved_value(files.here)},
      {"server", moved_value(files.there)},
      {"conflicts", list(files.conflicts)},
      {"troubles", list(files.troubles)},
      {"left_out", list(files.left_out)},
      {"backup", text_or_null(files.backup)},
  };
}

Json project_value(const ProjectOutcome& project, bool verbose) {
  return {
      {"name", text(project.name)},
      {"client", to_string(project.client)},
      {"path", text(project.path)},
      {"remote", text_or_null(project.remote)},
      {"url", text_or_null(project.url)},
      {"outcome", to_string(project.status)},
      {"message", text_or_null(project.message)},
      {"hint", text_or_null(project.hint)},
      {"server_words", text_or_null(project.server_words)},
      {"seconds", seconds(project.seconds)},
      {"branches", branch_values(project.branches, verbose)},
      {"tags", branch_values(project.tags, verbose)},
      {"files", files_value(project.files)},
  };
}

Json error_value(const ConfigError& error) {
  return {
      {"file", text_or_null(error.origin.file)},
      {"line", error.origin.line > 0 ? Json(error.origin.line) : Json(nullptr)},
      {"message", text(error.message)},
  };
}

Json summary_value(const Summary& summary) {
  return {
      {"projects", summary.projects},
      {"changed", summary.changed},
      {"attention", summary.attention},
      {"failed", summary.failed},
  };
}

std::string utc(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

Json document_of(const RunReport& report, Json projects) {
  Json errors = Json::array();
  for (const ConfigError& error : report.errors) errors.push_back(error_value(error));
  return {
      {"schema", 1},
      {"tool", text(report.tool)},
      {"started", utc(report.started)},
      {"seconds", seconds(report.seconds)},
      {"dry_run", report.dry_run},
      {"exit", exit_code(report)},
      {"projects", std::move(projects)},
      {"errors", std::move(errors)},
      {"summary", summary_value(summarize(report))},
  };
}

std::string dumped(const Json& document) {
  constexpr int indent = 2;
  constexpr bool ascii_only = true;
  return document.dump(indent, ' ', ascii_only) + '\n';
}

template <class Number>
Json number_or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json branch_statuses(const ProjectOutcome& project, const ProjectStatus& status, bool verbose) {
  Json array = Json::array();
  for (std::size_t i = 0; i < project.branches.size(); ++i) {
    const BranchStatus& branch = status.branches[i];
    if (!verbose && in_sync(project.branches[i]) && branch.standing == Standing::same) continue;
    Json value = branch_value(project.branches[i]);
    value["standing"] = to_string(branch.standing);
    value["ahead"] = number_or_null(branch.ahead);
    value["behind"] = number_or_null(branch.behind);
    value["worktree"] = text_or_null(branch.worktree);
    value["busy"] = text_or_null(branch.busy);
    array.push_back(std::move(value));
  }
  return array;
}

Json last_sync_value(const std::optional<LastRun>& run) {
  if (!run) return nullptr;
  return {
      {"ended", utc(run->ended)},          {"tool", text(run->tool)},
      {"outcome", to_string(run->status)}, {"message", text_or_null(run->message)},
      {"hint", text_or_null(run->hint)},
  };
}

Json worktree_value(const WorktreeStatus& worktree) {
  Json value = {
      {"path", text(worktree.folder)},
      {"own", worktree.own},
      {"branch", text_or_null(worktree.branch)},
      {"unborn", worktree.unborn},
      {"busy", text_or_null(worktree.busy)},
      {"changes", nullptr},
      {"message", text_or_null(worktree.message)},
      {"hint", text_or_null(worktree.hint)},
  };
  if (const auto& changes = worktree.changes) {
    value["changes"] = {{"staged", changes->staged},
                        {"changed", changes->changed},
                        {"untracked", changes->untracked},
                        {"conflicts", changes->conflicts}};
  }
  return value;
}

Json rescued_value(const RescuedStatus& rescued) {
  return {
      {"since", utc(rescued.since)},      {"name", text(rescued.name)},
      {"tip", rescued.tip.hex()},         {"subject", text_or_null(rescued.subject)},
      {"command", text(rescued.command)},
  };
}

Json queued_value(const std::string& project, const QueuedStatus& queued) {
  return {
      {"project", text(project)},
      {"event", text(queued.event)},
      {"since", utc(queued.since)},
      {"attempts", queued.attempts},
      {"next_try", queued.next_try ? Json(utc(*queued.next_try)) : Json(nullptr)},
      {"reason", text_or_null(queued.reason)},
  };
}

Json status_value(const ProjectOutcome& project, const ProjectStatus& status, bool verbose) {
  Json value = project_value(project, verbose);
  value["branches"] = branch_statuses(project, status, verbose);
  value["state"] = to_string(status.state);
  value["last_sync"] = last_sync_value(status.last_run);
  value["worktrees"] = Json::array();
  for (const WorktreeStatus& worktree : status.worktrees) value["worktrees"].push_back(worktree_value(worktree));
  value["stashes"] = status.stashes;
  value["parked"] = Json::array();
  for (const ParkedStatus& parked : status.parked) {
    value["parked"].push_back({{"branch", text(parked.branch)}, {"tip", parked.tip.hex()}});
  }
  value["rescued"] = Json::array();
  for (const RescuedStatus& rescued : status.rescued) value["rescued"].push_back(rescued_value(rescued));
  return value;
}

}  // namespace

std::string json_report(const RunReport& report, bool verbose) {
  Json projects = Json::array();
  for (const ProjectOutcome& project : report.projects) projects.push_back(project_value(project, verbose));
  return dumped(document_of(report, std::move(projects)));
}

std::string json_status(const StatusReport& report, bool verbose) {
  Json projects = Json::array();
  for (std::size_t i = 0; i < report.run.projects.size(); ++i) {
    projects.push_back(status_value(report.run.projects[i], report.projects[i], verbose));
  }
  Json document = document_of(report.run, std::move(projects));
  document["queue"] = Json::array();
  for (std::size_t i = 0; i < report.projects.size(); ++i) {
    for (const QueuedStatus& queued : report.projects[i].queued) {
      document["queue"].push_back(queued_value(report.run.projects[i].name, queued));
    }
  }
  return dumped(document);
}

}  // namespace syncmanager::ui
