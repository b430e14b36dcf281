// One side of a folder project: what is found at its root, and what rsync's way of copying keeps there.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/utc.hpp"
#include "model/folder_plan.hpp"

namespace syncmanager::folder {

/// What is kept of overwritten and deleted files, one folder below it for each run. Never synced.
inline constexpr std::string_view backup_folder = ".sync-backup";
/// Files that are being written: what a kill leaves of them must not pass for a file of the user's.
inline constexpr std::string_view temporary_folder = ".sync-backup/temp";
/// Beside a file whose transfer was cut off: what has come of it.
inline constexpr std::string_view partial_folder = ".sync-partial";

struct Seen {
  Root root = Root::missing;
  std::string path;                  ///< as programs on that side are to be given it
  bool has_temporary = false;        ///< the temporary folder is there
  bool has_leftovers = false;        ///< something in it is older than a day: no run writes it any more
  std::vector<std::string> backups;  ///< folders of the backup folder; on the server only those named as by a run
};

/// What is to be changed at a root before files come to it.
struct Preparation {
  bool make_root = false;
  bool make_temporary = false;
  bool clear_temporary = false;      ///< of what is older than a day
  std::vector<std::string> expired;  ///< backups to be removed

  [[nodiscard]] bool needed() const { return make_root || make_temporary || clear_temporary || !expired.empty(); }
};

/// Of this computer.
Seen look_at_root(const std::filesystem::path& root);
/// Throws Error(failed). What can't be removed stays.
void prepare_root(const std::filesystem::path& root, const Preparation& preparation);

/// The name of the backup folder of a run: `2026-11-24T22-57-26.123Z`, without signs that some file systems refuse.
std::string backup_name(Time started);
/// Which of these are such names, and older than so many days.
std::vector<std::string> expired_backups(const std::vector<std::string>& names, Time now, int days);

}  // namespace syncmanager::folder
