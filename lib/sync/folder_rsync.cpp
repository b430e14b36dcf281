#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "folder/copy.hpp"
#include "folder/guard.hpp"
#include "folder/links.hpp"
#include "sync/explain_folder.hpp"
#include "sync/folder_work.hpp"

namespace syncmanager::sync {

namespace {

folder::RsyncJob rsync_job(const FolderWork& work, bool sending, const std::string& backup) {
  Url url = work.project.url;
  url.port.reset();  // which rsync does not know
  folder::RsyncJob job;
  job.sending = sending;
  if (url.scheme == Scheme::ssh) {
    job.host = url.server();
    job.timeout = std::chrono::ceil<std::chrono::seconds>(work.job.request.timeout);
    job.remote_shell = work.job.request.remote_shell;
  }
  job.folder = work.there.path;
  job.exclude = work.project.exclude;
  job.backup = backup;
  // rsync keeps no copy of such links, and brings none: they are this computer's own.
  if (!sending) job.left_alone = folder::links_out_of(work.project.path, work.job.request.interrupt);
  job.deletions = work.policy.deletions;
  job.max_delete = work.job.request.allow_mass_deletion ? -1 : work.project.max_delete;
  job.dry_run = work.job.request.dry_run;
  if (work.straight) job.guard = folder::guard(work.there.path, sending && !job.dry_run);
  return job;
}

/// The port belongs to the way there.
folder::CopySetup setup_for(const FolderWork& work) {
  folder::CopySetup setup = work.setup;
  if (work.project.url.port) setup.ssh_command += fmt::format(" -p {}", *work.project.url.port);
  return setup;
}

void make_ready(FolderWork& work, bool sending) {
  const folder::Seen& target = sending ? work.there : work.here;
  const folder::Preparation preparation{
      .make_root = target.root == Root::missing,
      .make_temporary = !target.has_temporary,
      .clear_temporary = target.has_leftovers,
      .expired = folder::expired_backups(target.backups, started(work.job), work.project.backup_days)};
  if (!preparation.needed()) return;
  if (sending) {
    work.prepare_there(preparation);
  } else {
    folder::prepare_root(work.project.path, preparation);
  }
}

/// Whether so much may be deleted. Otherwise the outcome says that a person must decide.
bool may_delete(FolderWork& work, const folder::RsyncJob& job, const std::string& act) {
  const bool unlimited = job.max_delete < 0;
  if (unlimited) return true;
  folder::Deletions deletions = folder::count_deletions(setup_for(work), job, work.project.path);
  deletions.result.files = {};  // nothing has happened to them
  take_result(work, act, std::move(deletions.result));
  if (deletions.count <= static_cast<std::uint64_t>(work.project.max_delete)) return true;
  const Side side = job.sending ? Side::server : Side::local;
  tell(work.outcome, explain_deletions(work.project, side, deletions.count));
  return false;
}

bool copy(FolderWork& work, bool sending, const std::string& backup) {
  const std::string act = sending ? "rsync to the server" : "rsync from the server";
  folder::RsyncJob job = rsync_job(work, sending, backup);
  if (!job.dry_run) make_ready(work, sending);
  if (job.deletions && !may_delete(work, job, act)) {
    job.deletions = job.dry_run;  // which then lists them all
    job.max_delete = -1;
  }
  folder::CopyResult result = folder::run_rsync(setup_for(work), job, work.project.path);
  if (!result.ran) return false;
  work.ran = !result.error;
  const FilesMoved& moved = sending ? result.files.there : result.files.here;
  if (moved.replaced + moved.deleted > 0 && !job.dry_run) {
    work.outcome.files.backup = std::string(folder::backup_folder) + "/" + job.backup;
  }
  take_result(work, act, std::move(result));
  return true;
}

}  // namespace

bool sync_by_rsync(FolderWork& work) {
  // Not that of the run: what another project of it, or a try that was cut off, has kept of a file stays.
  const std::string backup = folder::backup_name(work.new_time());
  if (work.policy.pull && !work.plan.make_server && !copy(work, false, backup)) return false;
  return !work.policy.push || work.plan.make_local || copy(work, true, backup);
}

}  // namespace syncmanager::sync
