#include "model/outcome.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace syncmanager {

namespace {

/// Null where there is none.
const BranchOutcome* first_with(Result result, const std::vector<BranchOutcome>& list) {
  const auto found = std::ranges::find(list, result, &BranchOutcome::result);
  return found != list.end() ? &*found : nullptr;
}

int exit_code_of(Status status) {
  switch (status) {
    case Status::ok:
    case Status::skipped: return 0;
    case Status::failed: return 1;
    case Status::attention: return 3;
    case Status::offline: return 4;
    case Status::auth: return 5;
    case Status::locked: return 6;
  }
  return 1;
}

}  // namespace

ProjectOutcome blank_outcome(const Project& project) {
  ProjectOutcome outcome;
  outcome.name = project.name;
  outcome.client = project.client;
  outcome.path = project.path.string();
  outcome.remote = project.client == Client::git ? project.remote : "";
  outcome.url = without_password(project.url.text);
  return outcome;
}

BranchOutcome unchanged(const std::string& name, const std::optional<Oid>& tip) {
  BranchOutcome outcome;
  outcome.name = name;
  outcome.before = tip;
  outcome.after = tip;
  return outcome;
}

bool moves(const BranchOutcome& branch) {
  return branch.result == Result::ok && branch.action != Done::none && branch.action != Done::refuse;
}

void note(ProjectOutcome& project, const std::string& words) {
  if (!project.message.empty() && !words.empty()) project.message += "; ";
  project.message += words;
}

bool changed(const ProjectOutcome& project) {
  // The message of a project that is fine tells what was done besides: a repository was made, a setting set.
  const bool told = project.status == Status::ok && !project.message.empty();
  const FilesOutcome& files = project.files;
  const bool copied = files.here != FilesMoved() || files.there != FilesMoved();
  return told || copied || std::ranges::any_of(project.branches, moves) || std::ranges::any_of(project.tags, moves);
}

Status status_of(const ProjectOutcome& project) {
  const auto any = [&](Result result) {
    const auto is = [result](const BranchOutcome& branch) { return branch.result == result; };
    return std::ranges::any_of(project.branches, is) || std::ranges::any_of(project.tags, is);
  };
  if (any(Result::failed) || !project.files.troubles.empty()) return Status::failed;
  return any(Result::attention) || !project.files.conflicts.empty() ? Status::attention : Status::ok;
}

Complaint complaint_of(const ProjectOutcome& project) {
  if (!project.message.empty()) {
    return {.branch = {}, .message = project.message, .hint = project.hint, .server_words = project.server_words};
  }
  for (const Result result : {Result::failed, Result::attention}) {
    const BranchOutcome* const branch = first_with(result, project.branches);
    const BranchOutcome* const found = branch != nullptr ? branch : first_with(result, project.tags);
    if (found == nullptr) continue;
    return {.branch = branch != nullptr ? branch->name : "",
            .message = found->name + ": " + found->message,
            .hint = found->hint,
            .server_words = found->server_words.empty() ? project.server_words : found->server_words};
  }
  return {};
}

void assign_server_words(ProjectOutcome& project) {
  std::vector<BranchOutcome*> rejected;
  for (auto* const list : {&project.branches, &project.tags}) {
    for (BranchOutcome& branch : *list) {
      if (branch.reason == Reason::rejected) rejected.push_back(&branch);
    }
  }
  if (rejected.size() == 1) rejected.front()->server_words = std::exchange(project.server_words, {});
}

void fail(ProjectOutcome& project, const Error& error) {
  switch (error.kind()) {
    case ErrorKind::failed:
    case ErrorKind::usage: project.status = Status::failed; break;
    case ErrorKind::auth: project.status = Status::auth; break;
    case ErrorKind::offline:
    case ErrorKind::timeout: project.status = Status::offline; break;
    case ErrorKind::locked: project.status = Status::locked; break;
    case ErrorKind::interrupted: project.status = Status::skipped; break;
  }
  note(project, error.what());
  project.hint = error.hint();
}

Summary summarize(const RunReport& report) {
  Summary summary;
  for (const ProjectOutcome& project : report.projects) {
    ++summary.projects;
    if (changed(project)) ++summary.changed;
    if (project.status == Status::attention) ++summary.attention;
    if (exit_code_of(project.status) != 0 && project.status != Status::attention) ++summary.failed;
  }
  return summary;
}

int exit_code(const RunReport& report) {
  constexpr std::array severest_first = {5, 1, 3, 6, 4};
  constexpr int by_sigint = 128 + 2;
  if (report.interrupted) return by_sigint;
  if (!report.errors.empty()) return 2;
  for (const int code : severest_first) {
    // A project that the network ended may have left a branch for a person before.
    const auto has_code = [code](const ProjectOutcome& project) {
      return exit_code_of(project.status) == code || exit_code_of(status_of(project)) == code;
    };
    if (std::ranges::any_of(report.projects, has_code)) return code;
  }
  return 0;
}

std::string_view to_string(Done action) {
  switch (action) {
    case Done::none: return "none";
    case Done::create: return "create";
    case Done::fast_forward: return "fast-forward";
    case Done::remove: return "delete";
    case Done::merge: return "merge";
    case Done::rebase: return "rebase";
    case Done::replace: return "replace";
    case Done::park: return "park";
    case Done::refuse: return "refuse";
  }
  return "";
}

std::string_view to_string(Result result) {
  switch (result) {
    case Result::ok: return "ok";
    case Result::attention: return "attention";
    case Result::failed: return "failed";
  }
  return "";
}

std::string_view to_string(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::attention: return "attention";
    case Status::failed: return "failed";
    case Status::auth: return "auth";
    case Status::offline: return "offline";
    case Status::locked: return "locked";
    case Status::skipped: return "skipped";
  }
  return "";
}

std::string_view to_string(Side side) {
  return side == Side::local ? "local" : "server";
}

}  // namespace syncmanager
