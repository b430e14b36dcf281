// What a run makes of a folder's record, and what it writes there for the next one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "sync/folder_record.hpp"
#include "sync/folder_work.hpp"

namespace syncmanager::sync {

/// Whether both sides have met, and had files: a side that has none by now has lost them.
bool was_synced(const std::optional<FolderRecord>& record);

/// Whether all that there is to know about the other side was asked for not long ago.
bool looked_lately(const std::optional<FolderRecord>& record, Time now);

/// Remembers that the project was synced, and tells the outcome of those `repositories` inside that were not told
/// before. `looked`: at the other side, in this run. A dry run writes nothing. Throws Error(failed).
void remember_folder(const FolderWork& work, const std::optional<FolderRecord>& record,
                     const std::vector<std::string>& repositories, bool looked);

}  // namespace syncmanager::sync
