#include "sync/folder_status.hpp"

#include <optional>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "folder/root.hpp"
#include "sync/explain_folder.hpp"
#include "sync/folder_record.hpp"
#include "sync/folder_work.hpp"
#include "sync/status.hpp"

namespace syncmanager::sync {

namespace {

[[noreturn]] void unusable(FolderStop stop, const Project& project) {
  const FolderWords words = explain(stop, project, {}, false);
  throw Error(ErrorKind::failed, words.message, words.hint);
}

void tell_missing(const Project& project, bool synced_before, ProjectOutcome& outcome, ProjectStatus& status) {
  if (!synced_before) {
    status.state = ProjectState::not_cloned;
    outcome.message = "no folder here yet";
    const bool from_here = project.direction == Direction::push;
    outcome.hint = (from_here ? "mkdir " : "sync-pull ") + shell_word(from_here ? project.path.string() : project.name);
    return;
  }
  status.state = ProjectState::attention;
  tell(outcome, explain(FolderStop::local_missing, project, {}, true));
}

}  // namespace

void look_at_folder(const Project& project, const Environment& environment, ProjectOutcome& outcome,
                    ProjectStatus& status) {
  const std::optional<FolderRecord> record = read_folder_record(environment, project);
  switch (folder::look_at_root(project.path).root) {
    case Root::no_folder: unusable(FolderStop::local_no_folder, project);
    case Root::closed: unusable(FolderStop::local_closed, project);
    case Root::missing: return tell_missing(project, record && record->had_files, outcome, status);
    case Root::empty:
    case Root::filled: break;
  }
  status.state = record ? ProjectState::synced : ProjectState::never_synced;
  if (record) outcome.files.left_out = {record->told.begin(), record->told.end()};
  conclude(outcome, status);
}

}  // namespace syncmanager::sync
