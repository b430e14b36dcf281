// What a run came to, as plain data: for each branch, each project, and the run as a whole. The last values on the
// way of the data; `ui` turns them into text and JSON.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/api.hpp"
#include "base/error.hpp"
#include "model/facts.hpp"
#include "model/plan.hpp"
#include "model/project.hpp"

namespace syncmanager {

enum class Result {
  ok,
  attention,  ///< a person must decide
  failed,
};

/// What was done with a branch or a tag, or would be done in a dry run. The words of the report.
enum class Done { none, create, fast_forward, remove, merge, rebase, replace, park, refuse };

/// A commit that only one side has, as a person knows it again.
struct CommitNote {
  Side side = Side::local;
  Oid id;
  std::string author;
  std::chrono::sys_seconds time;  ///< of its author; in the years 1 to 9999
  std::chrono::minutes offset{};  ///< of that time, from UTC, where the author was
  std::string subject;
};

struct BranchOutcome {
  std::string name;  ///< without refs/heads/ or refs/tags/
  Done action = Done::none;
  Side side = Side::local;
  std::optional<Oid> before;
  std::optional<Oid> after;
  Result result = Result::ok;
  std::optional<Reason> reason;
  std::string message;              ///< empty where there is nothing to say
  std::string hint;                 ///< the command, or the step, that solves it
  std::vector<std::string> files;   ///< what is in the way, for `dirty`; what both sides changed, for `conflict`
  std::vector<CommitNote> commits;  ///< the newest that only one side has, where both have moved
  std::string server_words;         ///< what the server printed, where it was about this one only
};

enum class Status { ok, attention, failed, auth, offline, locked, skipped };

/// How many files came to one side, or went from it. A link counts as a file, and so does a new folder with all that is
/// in it where Unison brings it.
struct FilesMoved {
  std::uint64_t copied = 0;
  std::uint64_t replaced = 0;  ///< of the copied ones, those that another file had to make way for; only rsync tells
  std::uint64_t deleted = 0;

  bool operator==(const FilesMoved&) const = default;
};

struct FileMove {
  Side side = Side::local;  ///< where it was written or deleted
  bool deleted = false;
  std::string path;  ///< below the root, as raw bytes

  bool operator==(const FileMove&) const = default;
};

/// What became of the files of a folder project.
struct FilesOutcome {
  FilesMoved here;
  FilesMoved there;
  std::vector<FileMove> moves;         ///< the first of them, `most_moves` at most
  std::vector<std::string> conflicts;  ///< changed on both sides: paths below the root
  std::vector<std::string> troubles;   ///< what could not be copied, each with the reason
  std::vector<std::string> left_out;   ///< paths of `.git` of repositories inside, which are not copied; told once
  std::string backup;                  ///< the folder below the root that keeps what was replaced or deleted; or empty

  static constexpr std::size_t most_moves = 1000;
};

struct ProjectOutcome {
  std::string name;
  Client client = Client::git;
  std::string path;
  std::string remote;
  std::string url;  ///< without a password
  Status status = Status::ok;
  std::string message;
  std::string hint;
  std::string server_words;  ///< what the server's hooks printed for people
  std::chrono::duration<double> seconds{};
  std::vector<BranchOutcome> branches;  ///< all of them; a report leaves out those with nothing to say
  std::vector<BranchOutcome> tags;
  FilesOutcome files;  ///< of a folder project
};

/// What a project tells first of why it is not well.
struct Complaint {
  std::string branch;   ///< the one that it is about; empty: none, or a tag
  std::string message;  ///< with the name of the branch or tag in front
  std::string hint;
  std::string server_words;
};

/// Something wrong in a conf file, or with one.
struct ConfigError {
  Origin origin;
  std::string message;
};

struct RunReport {
  std::string tool;
  std::chrono::system_clock::time_point started;
  std::chrono::duration<double> seconds{};
  bool dry_run = false;
  bool interrupted = false;  ///< a person ended it early: projects that were not finished are skipped
  std::vector<ProjectOutcome> projects;
  std::vector<ConfigError> errors;
};

struct Summary {
  int projects = 0;
  int changed = 0;    ///< projects where something was done, or would be
  int attention = 0;  ///< projects that wait for a person
  int failed = 0;     ///< every other trouble: failed, auth, offline, locked
};

/// The outcome of a project of which nothing is known yet.
ProjectOutcome blank_outcome(const Project& project);

/// A branch or tag that stays where it is.
BranchOutcome unchanged(const std::string& name, const std::optional<Oid>& tip);

/// Whether it moved, was made or deleted, or would be.
bool moves(const BranchOutcome& branch);

/// Adds words to what is told of the project as a whole; none where they are empty.
void note(ProjectOutcome& project, const std::string& words);

/// Whether anything moved, was made or was set in this project, or would be.
bool changed(const ProjectOutcome& project);

/// The status that a project's branches and tags add up to.
Status status_of(const ProjectOutcome& project);

/// What was told of the project as a whole, else of the first branch or tag that failed, else of one that waits for a
/// person.
Complaint complaint_of(const ProjectOutcome& project);

/// Gives what the server printed to the branch or tag that it rejected, where that was a single one.
void assign_server_words(ProjectOutcome& project);

/// The status and the texts of a project that an error ended; what was told of it before is kept in front.
void fail(ProjectOutcome& project, const Error& error);

Summary summarize(const RunReport& report);

/// 130 for a run that was interrupted, as a shell tells SIGINT. Else 0, or the most severe of 2 conf file, 5
/// authentication, 1 failed, 3 attention, 6 locked, 4 offline, in this order.
SYNCMANAGER_API int exit_code(const RunReport& report);

std::string_view to_string(Done action);  ///< `fast-forward`
std::string_view to_string(Result result);
std::string_view to_string(Status status);
std::string_view to_string(Side side);

}  // namespace syncmanager
