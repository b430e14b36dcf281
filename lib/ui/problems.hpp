// What is wrong after a run, gathered from all its projects and told by kind, the most severe first. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "ui/style.hpp"

namespace syncmanager::ui {

/// One thing that went wrong, for all branches of a project that it hit in the same way, or for all projects (a server
/// that is down).
/// The texts are as they came, not escaped.
struct Problem {
  Status kind = Status::failed;
  std::vector<std::string> projects;
  std::vector<std::string> branches;  ///< `main`, `tag v1`; none: the project as a whole
  std::optional<Reason> reason;       ///< of the branches
  std::string message;
  std::string hint;
  std::vector<std::string> files;
  std::string server_words;
  std::vector<CommitNote> commits;
};

/// Skipped projects are problems only where `skipped_too`.
std::vector<Problem> problems_of(const RunReport& report, bool skipped_too);

/// Headings, and under each its problems with hints and files; empty where there are none.
std::string problem_text(const std::vector<Problem>& problems, const TextStyle& style);

/// Whether the project's message is about what was done, and not about what is wrong: that the branches tell, then.
bool tells_what_was_done(const ProjectOutcome& project);

/// `v1.0` of a tag is `tag v1.0` to people.
std::string tag_name(const BranchOutcome& tag);

}  // namespace syncmanager::ui
