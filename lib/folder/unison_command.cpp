#include "folder/unison_command.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "folder/root.hpp"

namespace syncmanager::folder {

namespace {

using Words = std::vector<std::string>;

/// That root stays as it is: what would change there is skipped, and told.
Words closed(const std::string& root) {
  return {"-nocreation", root, "-noupdate", root, "-nodeletion", root};
}

/// Whatever the template says of it: the answer is to be read, there is nobody to ask, and the run ends. `-auto` would
/// keep the sizes back.
Words for_a_program() {
  return {"-ui",
          "text",
          "-batch",
          "-auto=false",
          "-dumbtty",
          "-contactquietly",
          "-silent=false",
          "-terse=false",
          "-color=false",
          "-repeat",
          "",
          "-retry",
          "0"};
}

/// What rsync's way of copying keeps in the same folder is not the user's.
Words ignored(const UnisonJob& job) {
  Words words = {"-ignore", "Name .git",
                 "-ignore", fmt::format("Path {}", backup_folder),
                 "-ignore", fmt::format("Name {}", partial_folder)};
  for (const std::string& pattern : job.ignore) {
    const bool taken_along = pattern.starts_with('!');
    append(words, {taken_along ? "-ignorenot" : "-ignore", taken_along ? pattern.substr(1) : pattern});
  }
  return words;
}

/// Unison merges even into roots that it must not change. The first rule that fits a name decides, and the command
/// line's come first: so nothing is merged, and it is left as it is.
Words unmerged() {
  return {"-merge", "Name * -> false"};
}

/// What loses is kept.
Words preferred(const UnisonJob& job) {
  return {"-prefer", job.pull ? job.server_root : job.local_root, "-backup", "Name *", "-backuplocation", "central"};
}

}  // namespace

std::vector<std::string> unison_arguments(const UnisonJob& job) {
  Words words = {"unison", job.profile};
  append(words, for_a_program());
  if (!job.push || job.dry_run) append(words, closed(job.server_root));
  if (!job.pull || job.dry_run) append(words, closed(job.local_root));
  if (job.may_merge && (job.dry_run || !job.pull || !job.push)) append(words, unmerged());
  if (job.force) append(words, preferred(job));
  append(words, ignored(job));
  words.emplace_back(job.allow_mass_deletion ? "-confirmbigdel=false" : "-confirmbigdel=true");
  if (job.ignore_locks) words.emplace_back("-ignorelocks");
  if (job.ignore_archives) words.emplace_back("-ignorearchives");
  if (!job.server_command.empty()) append(words, {"-servercmd", job.server_command});
  if (!job.remote_shell.empty()) append(words, {"-sshcmd", job.remote_shell.string()});
  return words;
}

}  // namespace syncmanager::folder
