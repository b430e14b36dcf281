#include "sync/folder_work.hpp"

#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace syncmanager::sync {

namespace {

template <class T>
void append(std::vector<T>& all, std::vector<T>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void add(FilesMoved& all, const FilesMoved& more) {
  all.copied += more.copied;
  all.replaced += more.replaced;
  all.deleted += more.deleted;
}

void add(FilesOutcome& all, FilesOutcome&& more) {
  add(all.here, more.here);
  add(all.there, more.there);
  append(all.moves, more.moves);
  append(all.conflicts, more.conflicts);
  append(all.troubles, more.troubles);
}

}  // namespace

Time started(const Job& job) {
  return std::chrono::time_point_cast<Time::duration>(job.started);
}

void tell(ProjectOutcome& outcome, const FolderWords& words) {
  if (words.message.empty()) return;
  note(outcome, words.message);
  outcome.hint = words.hint;
  // What failed weighs more than what waits.
  if (outcome.status != Status::failed) outcome.status = words.status;
}

FolderPolicy folder_policy(const Project& project, const Request& request) {
  return {.pull = has_step(project, request.operation, Verb::pull),
          .push = has_step(project, request.operation, Verb::push),
          .deletions = project.client == Client::rsync && project.remove,
          .force = request.force};
}

void take_result(FolderWork& work, const std::string& act, folder::CopyResult&& result) {
  add(work.outcome.files, std::move(result.files));
  if (result.error) throw Error(*result.error);
  const std::string words = act + (result.words.empty() ? "" : ": " + result.words);
  switch (result.ending) {
    case folder::Ending::complete:
    case folder::Ending::partial: return;
    case folder::Ending::offline: throw Error(ErrorKind::offline, words, "try again later");
    case folder::Ending::held: throw Error(ErrorKind::locked, words, "try again when it has ended");
    case folder::Ending::misfit:
      throw Error(ErrorKind::failed, words, "install the same version of the program on both sides");
    case folder::Ending::refused:
    case folder::Ending::forgotten:
    case folder::Ending::failed: throw Error(ErrorKind::failed, words);
  }
}

}  // namespace syncmanager::sync
