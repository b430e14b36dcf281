#include "folder/rsync_command.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "folder/root.hpp"
#include "folder/rsync_talk.hpp"

namespace syncmanager::folder {

namespace {

using Words = std::vector<std::string>;

/// rsync takes a command apart at spaces, but for those in quotes; a quote of the same kind is doubled (rsync(1), -e).
std::string quote_for_rsync(const std::string& word) {
  std::string quoted = "'";
  for (const char letter : word) quoted += letter == '\'' ? std::string("''") : std::string(1, letter);
  return quoted + "'";
}

/// The first pattern that fits decides: ours, the user's, then what goes without saying. Ours fit files and links as
/// well: what the other side has there must not take the place of what is kept. rsync itself leaves out what is
/// partial, but only behind the user's patterns, where `!*/` would have taken it along. Only a whole rule keeps a `!`
/// from taking back those before it.
Words filters(const RsyncJob& job) {
  Words words = {fmt::format("--filter=- {}", backup_folder), fmt::format("--filter=- {}", partial_folder)};
  if (!job.left_alone.empty()) append(words, {"--from0", "--exclude-from=-"});
  for (const std::string& pattern : job.exclude) {
    const bool taken_along = pattern.starts_with('!');
    if (pattern == "!") continue;  // the pattern of nothing
    words.push_back(taken_along ? "--filter=+ " + pattern.substr(1) : "--filter=- " + pattern);
  }
  words.emplace_back("--filter=- .git");
  return words;
}

/// A pattern for this path alone: a backslash counts only where there is something to match.
std::string pattern_of(const std::string& path) {
  constexpr std::string_view wild = "*?[";
  if (path.find_first_of(wild) == std::string::npos) return "/" + path;
  std::string pattern = "/";
  for (const char letter : path) {
    if (letter == '\\' || wild.find(letter) != std::string_view::npos) pattern += '\\';
    pattern += letter;
  }
  return pattern;
}

/// What is written first stands where no run copies from, and comes to its place as a whole.
Words safe_writing(const RsyncJob& job) {
  Words words = {"--update", fmt::format("--partial-dir={}", partial_folder), "--backup",
                 fmt::format("--backup-dir={}/{}", backup_folder, job.backup)};
  // In a dry run it need not be there, and rsync would miss it.
  if (!job.dry_run) words.push_back(fmt::format("--temp-dir={}", temporary_folder));
  return words;
}

Words connection(const RsyncJob& job) {
  if (job.host.empty()) return {};
  // The shell over there goes to the folder: so no sign in its name means anything to rsync.
  Words words = {"-e", quote_for_rsync(job.remote_shell.string()),
                 fmt::format("--rsync-path={}cd {} && rsync", job.guard, shell_quote(job.folder))};
  if (job.timeout.count() > 0) words.push_back(fmt::format("--timeout={}", job.timeout.count()));
  return words;
}

Words source_and_target(const RsyncJob& job) {
  const std::string here = "./";
  const std::string there = job.host.empty() ? job.folder + "/" : job.host + ":./";
  return job.sending ? Words{"--", here, there} : Words{"--", there, here};
}

}  // namespace

std::vector<std::string> rsync_arguments(const RsyncJob& job) {
  Words words = {"rsync", "-a", "--no-D", "--no-h", "--outbuf=L", std::string(rsync_format), "--info=progress2"};
  append(words, safe_writing(job));
  // A link out of the folder that the server sends would have others' files changed through it.
  if (!job.sending) words.emplace_back("--safe-links");
  // A program that the server sends must not run with the rights of who has fetched it.
  if (!job.sending && !job.host.empty()) words.emplace_back("--chmod=Fug-s");
  append(words, filters(job));
  if (job.deletions) {
    words.emplace_back("--delete");
    if (job.max_delete >= 0) words.push_back(fmt::format("--max-delete={}", job.max_delete));
  }
  if (job.dry_run) words.emplace_back("--dry-run");
  append(words, connection(job));
  append(words, source_and_target(job));
  return words;
}

std::string rsync_input(const RsyncJob& job) {
  std::string input;
  for (const std::string& path : job.left_alone) input += pattern_of(path) + '\0';
  return input;
}

std::vector<std::string> rsync_deletions(RsyncJob job) {
  job.dry_run = true;
  job.deletions = true;
  job.max_delete = -1;
  Words words = rsync_arguments(job);
  // What is not there can't be in the way of anything. What is there must be looked at: a folder that a file is to take
  // the place of goes with all that is in it.
  words.insert(words.begin() + 1, "--existing");
  return words;
}

}  // namespace syncmanager::folder
