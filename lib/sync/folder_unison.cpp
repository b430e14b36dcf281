#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "folder/copy.hpp"
#include "folder/guard.hpp"
#include "folder/unison_profile.hpp"
#include "folder/unison_version.hpp"
#include "sync/explain_folder.hpp"
#include "sync/folder_work.hpp"
#include "sync/unison_place.hpp"

namespace syncmanager::sync {

namespace {

folder::UnisonJob unison_job(const FolderWork& work) {
  const Request& request = work.job.request;
  folder::UnisonJob job;
  job.profile = place_profile(work.project, work.unison.profile, work.job.environment);
  job.local_root = work.project.path.string();
  job.server_root = unison_root(work.project);
  job.pull = work.policy.pull;
  job.push = work.policy.push;
  job.dry_run = request.dry_run;
  job.force = request.force;
  job.allow_mass_deletion = request.allow_mass_deletion;
  job.ignore_locks = work.lock.abandoned().has_value();
  job.may_merge = folder::may_merge(work.unison.profile);
  job.ignore = work.project.ignore;
  if (work.straight) job.server_command = folder::guard(work.there.path, false) + work.unison.program;
  if (work.project.url.scheme == Scheme::ssh) job.remote_shell = request.remote_shell;
  return job;
}

/// Before they meet, since what Unison itself says then is of little help. What can't be told is tried.
void check_versions(const FolderWork& work) {
  const std::optional<folder::UnisonVersion> here = folder::parse_unison_version(work.unison.version_here);
  if (work.project.url.scheme == Scheme::local) return;
  if (work.unison.version_there.empty()) {
    throw Error(ErrorKind::failed, fmt::format("there is no {} on the server", work.unison.program),
                "install it there, or name it with servercmd in the template");
  }
  const std::optional<folder::UnisonVersion> there = folder::parse_unison_version(work.unison.version_there);
  if (!here || !there || folder::fit(*here, *there)) return;
  throw Error(
      ErrorKind::failed,
      fmt::format("Unison {} here and Unison {} on the server don't understand each other", here->text, there->text),
      "install the same version on both, or 2.52 and later");
}

void make_roots(const FolderWork& work) {
  const folder::Preparation preparation{
      .make_root = true, .make_temporary = false, .clear_temporary = false, .expired = {}};
  if (work.plan.make_local) folder::prepare_root(work.project.path, preparation);
  if (work.plan.make_server) work.prepare_there(preparation);
}

/// A run that was ended by us may have left its locks, which the next one may pass over.
folder::CopyResult run(FolderWork& work, const folder::UnisonJob& job) {
  const folder::UnisonView view{.local_first = folder::comes_first(work.unison.profile, job.local_root),
                                .pull = job.pull,
                                .push = job.push,
                                .dry_run = job.dry_run,
                                .force = job.force};
  try {
    return folder::run_unison(work.setup, job, view);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::timeout) work.lock.abandon();
    throw;
  }
}

}  // namespace

bool sync_by_unison(FolderWork& work) {
  if (!work.straight) check_versions(work);
  make_roots(work);
  folder::UnisonJob job = unison_job(work);
  folder::CopyResult result = run(work, job);
  if (!result.ran) return false;
  work.ran = true;
  if (result.ending == folder::Ending::forgotten && job.dry_run) {
    // To look any further it would have to begin a new memory.
    note(work.outcome, "Unison has lost its memory of the last sync on one side: the next run will delete nothing");
    return true;
  }
  if (result.ending == folder::Ending::forgotten) {
    // Without its memory it deletes nothing, and what differs is a conflict: that is safe, and the only way on.
    job.ignore_archives = true;
    result = run(work, job);
    if (result.ending == folder::Ending::complete)
      note(work.outcome, "Unison had lost its memory of the last sync on one side: nothing was deleted");
  }
  if (result.ending == folder::Ending::refused) {
    tell(work.outcome, explain_emptied(work.project));
    return true;
  }
  take_result(work, "Unison", std::move(result));
  return true;
}

}  // namespace syncmanager::sync
