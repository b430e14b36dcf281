#include "folder/root.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include <unistd.h>

#include "base/error.hpp"

namespace syncmanager::folder {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t day_length = std::string_view("2026-11-24").size();

/// Nothing for a name that no run has given.
std::optional<Time> time_of_backup(const std::string& name) {
  std::string utc = name;
  for (std::size_t at = day_length; at < utc.size(); ++at) {
    if (utc[at] == '-') utc[at] = ':';
  }
  const std::optional<Time> time = parse_utc(utc);
  return time && backup_name(*time) == name ? time : std::nullopt;
}

bool is_ours(const fs::path& name) {
  return name == backup_folder || name == partial_folder;
}

/// Files that a run has begun and no run will finish.
std::vector<fs::path> leftovers_in(const fs::path& temporary) {
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
  std::vector<fs::path> leftovers;
  std::error_code problem;
  for (fs::directory_iterator file(temporary, problem); !problem && file != fs::directory_iterator();
       file.increment(problem)) {
    std::error_code gone;
    if (file->is_regular_file(gone) && file->last_write_time(gone) < yesterday) leftovers.push_back(file->path());
  }
  return leftovers;
}

[[noreturn]] void cannot_make(const fs::path& folder, const std::error_code& problem) {
  throw Error(ErrorKind::failed, "cannot make the folder " + folder.string() + ": " + problem.message());
}

}  // namespace

Seen look_at_root(const fs::path& root) {
  Seen seen;
  seen.path = root.string();
  std::error_code problem;
  const fs::file_status status = fs::status(root, problem);
  if (status.type() == fs::file_type::not_found) {
    if (fs::is_symlink(fs::symlink_status(root, problem))) seen.root = Root::no_folder;
    return seen;
  }
  seen.root = Root::closed;
  if (status.type() == fs::file_type::none) return seen;
  if (status.type() != fs::file_type::directory) {
    seen.root = Root::no_folder;
    return seen;
  }
  fs::directory_iterator entries(root, problem);
  if (problem || access(root.c_str(), X_OK) != 0) return seen;
  const auto is_the_users = [](const fs::directory_entry& entry) { return !is_ours(entry.path().filename()); };
  seen.root = std::any_of(begin(entries), end(entries), is_the_users) ? Root::filled : Root::empty;
  seen.has_temporary = fs::is_directory(root / temporary_folder, problem);
  seen.has_leftovers = !leftovers_in(root / temporary_folder).empty();
  for (fs::directory_iterator backup(root / backup_folder, problem); !problem && backup != fs::directory_iterator();
       backup.increment(problem)) {
    seen.backups.push_back(backup->path().filename().string());
  }
  return seen;
}

void prepare_root(const fs::path& root, const Preparation& preparation) {
  std::error_code problem;
  if (preparation.make_root) {
    fs::create_directories(root, problem);
    if (problem) cannot_make(root, problem);
  }
  if (preparation.make_temporary) {
    fs::create_directories(root / temporary_folder, problem);
    if (problem) cannot_make(root / temporary_folder, problem);
  }
  if (preparation.clear_temporary) {
    for (const fs::path& file : leftovers_in(root / temporary_folder)) fs::remove(file, problem);
  }
  for (const std::string& name : preparation.expired) fs::remove_all(root / backup_folder / name, problem);
}

std::string backup_name(Time started) {
  std::string name = format_utc(started);
  std::ranges::replace(name, ':', '-');
  return name;
}

std::vector<std::string> expired_backups(const std::vector<std::string>& names, Time now, int days) {
  std::vector<std::string> expired;
  for (const std::string& name : names) {
    const std::optional<Time> made = time_of_backup(name);
    if (made && *made < now - std::chrono::days(days)) expired.push_back(name);
  }
  return expired;
}

}  // namespace syncmanager::folder
