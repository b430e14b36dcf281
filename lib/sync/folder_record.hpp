// What is remembered of a folder project from run to run: that it was synced, so that a disk which is not mounted is
// not taken for a new folder; and what a person has been told once.
//
//   syncmanager folder 1
//   synced 2026-11-24T22:57:26.123Z
//   looked 2026-11-28T07:30:00.000Z
//   files none
//   told notes/.git
//
// Words as base/state_word.hpp writes them. Where it is lost, the next run counts as the first.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/utc.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

struct FolderRecord {
  Time first_synced;
  Time looked;                 ///< when the other side was last asked for all that there is to know
  std::set<std::string> told;  ///< git repositories inside
  bool had_files = true;       ///< both sides, when they last had any: none is lost where there were none

  bool operator==(const FolderRecord&) const = default;
};

/// Nothing where it is none. Damaged lines are passed over. Pure.
std::optional<FolderRecord> parse_folder_record(std::string_view text);
std::string format_folder_record(const FolderRecord& record);

/// Nothing where the project was never synced from here with this other side. Throws Error(failed).
std::optional<FolderRecord> read_folder_record(const Environment& environment, const Project& project);
void write_folder_record(const Environment& environment, const Project& project, const FolderRecord& record);

}  // namespace syncmanager::sync
