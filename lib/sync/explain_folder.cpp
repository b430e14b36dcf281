#include "sync/explain_folder.hpp"

#include <fmt/format.h>

#include "base/escape.hpp"

namespace syncmanager::sync {

namespace {

std::string command(std::string_view tool, const Project& project) {
  return fmt::format("{} {}", tool, shell_word(project.name));
}

/// Of a side that has lost its files, while the other still has them.
std::string loss(const std::string& where, std::string_view what, bool synced_before) {
  if (synced_before) return fmt::format("{} {}, though it was synced before", where, what);
  return fmt::format("{} {}, and delete = yes would delete all files of the other side", where, what);
}

FolderWords lost_here(const Project& project, std::string_view what, bool synced_before) {
  std::string hint = "mount its disk if it has one of its own";
  if (project.direction != Direction::push)
    hint += "; or get all files again: " + command("sync-pull --force", project);
  return {Status::attention, loss(project.path.string(), what, synced_before), hint};
}

FolderWords lost_there(const Project& project, const std::string& path, std::string_view what, bool synced_before) {
  std::string hint = "see to the server's disks";
  if (project.direction != Direction::pull)
    hint += "; or send all files again: " + command("sync-push --force", project);
  return {Status::attention, loss("the server's " + path, what, synced_before), hint};
}

/// Where the direction lets only one side change, the other side's file can only be the one to keep.
std::string hint_for_conflicts(const Project& project) {
  std::string pull = "to take the server's: " + command("sync-pull --force", project);
  std::string push = "to keep those here: " + command("sync-push --force", project);
  switch (project.direction) {
    case Direction::pull: return pull;
    case Direction::push: return push;
    case Direction::both: break;
  }
  return pull + "; " + push;
}

std::string count(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace

FolderWords explain(FolderStop stop, const Project& project, const std::string& server_path, bool synced_before) {
  const std::string here = project.path.string();
  const std::string there = "the server's " + server_path;
  switch (stop) {
    case FolderStop::local_no_folder:
      return {Status::failed, here + " is no folder", "move it away, or correct the path in the conf file"};
    case FolderStop::local_closed: return {Status::failed, here + " can't be read", "see to its permissions"};
    case FolderStop::server_no_folder:
      return {Status::failed, there + " is no folder", "correct the url in the conf file"};
    case FolderStop::server_closed:
      return {Status::failed, there + " can't be read by this account", "see to its permissions there"};
    case FolderStop::nowhere:
      return {Status::failed, fmt::format("there is neither {} nor {}", here, there),
              project.direction == Direction::pull ? "correct the url in the conf file"
                                                   : "mkdir " + shell_word(here) + ", or correct the conf file"};
    case FolderStop::not_here:
      return {Status::failed, "nothing to push: there is no folder " + here,
              project.direction == Direction::push ? "correct the path in the conf file"
                                                   : "to get it from the server: " + command("sync-pull", project)};
    case FolderStop::not_there:
      return {Status::failed, "nothing to pull: there is no folder " + server_path + " on the server",
              project.direction == Direction::pull ? "correct the url in the conf file"
                                                   : "to make and fill it: " + command("sync-push", project)};
    case FolderStop::local_missing: return lost_here(project, "is missing", synced_before);
    case FolderStop::local_emptied: return lost_here(project, "is empty", synced_before);
    case FolderStop::server_missing: return lost_there(project, server_path, "is missing", synced_before);
    case FolderStop::server_emptied: return lost_there(project, server_path, "is empty", synced_before);
  }
  return {};
}

FolderWords explain_deletions(const Project& project, Side side, std::uint64_t number) {
  const bool here = side == Side::local;
  const std::string tool = here ? "sync-pull" : "sync-push";
  return {Status::attention,
          fmt::format("would delete {} files or folders {}, which is more than max-delete = {}: nothing was deleted",
                      number, here ? "here" : "on the server", project.max_delete),
          fmt::format("see which ones: {}; if that is right: {}", command(tool + " -n -v", project),
                      command(tool + " --allow-mass-deletion", project))};
}

FolderWords explain_emptied(const Project& project) {
  return {Status::attention,
          "one side has been emptied, and Unison would delete everything on the other: nothing was done",
          "bring the files back, or mount the disk; if that is right: " +
              command("sync-now --allow-mass-deletion", project)};
}

FolderWords explain_files(const Project& project, const FilesOutcome& files) {
  FolderWords words;
  if (!files.conflicts.empty()) {
    words.status = Status::attention;
    words.message = count(files.conflicts.size(), "file") + " changed on both sides";
    words.hint = hint_for_conflicts(project);
  }
  if (!files.troubles.empty()) {
    words.status = Status::failed;
    words.message += (words.message.empty() ? "" : "; ") + count(files.troubles.size(), "problem") + " while copying";
    if (words.hint.empty()) words.hint = "mend that, and run it again: all else is done";
  }
  return words;
}

}  // namespace syncmanager::sync
