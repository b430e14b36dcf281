#include "sync/folder_memory.hpp"

#include <chrono>

#include "folder/root.hpp"

namespace syncmanager::sync {

namespace {

// How long the other side is expected to be as it was: the guard sees a folder that has gone, and no more than that.
constexpr std::chrono::hours look_again_after(24);

/// Whether both sides have files now, or had them and at least one still has.
bool has_files(const FolderWork& work, bool had_files) {
  const bool here = folder::look_at_root(work.project.path).root == Root::filled;
  const bool there = work.there.root == Root::filled || work.outcome.files.there.copied > 0;
  return had_files ? here || there : here && there;
}

}  // namespace

bool was_synced(const std::optional<FolderRecord>& record) {
  return record && record->had_files;
}

bool looked_lately(const std::optional<FolderRecord>& record, Time now) {
  return was_synced(record) && record->looked <= now && now - record->looked < look_again_after;
}

void remember_folder(const FolderWork& work, const std::optional<FolderRecord>& record,
                     const std::vector<std::string>& repositories, bool looked) {
  const Job& job = work.job;
  const Time now = started(job);
  FolderRecord next = record.value_or(FolderRecord{.first_synced = now, .looked = {}, .told = {}});
  const bool long_ago = next.looked > now || now - next.looked > look_again_after / 2;
  if (looked && long_ago) next.looked = now;
  next.had_files = has_files(work, was_synced(record));
  next.told = {repositories.begin(), repositories.end()};
  for (const std::string& name : repositories) {
    if (!record || !record->told.contains(name)) work.outcome.files.left_out.push_back(name);
  }
  if (!job.request.dry_run && next != record) write_folder_record(job.environment, work.project, next);
}

}  // namespace syncmanager::sync
