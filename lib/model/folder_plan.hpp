// The rules for a folder project: whether a run may begin, from what stands on both sides. Pure; a table is the test.
#pragma once

#include <optional>

namespace syncmanager {

/// What is found at one side's root. What syncing itself keeps there does not count.
enum class Root {
  missing,
  empty,
  filled,
  no_folder,  ///< a file or the like is there
  closed,     ///< a folder that may not be read
};

struct FolderFacts {
  Root local = Root::missing;
  Root server = Root::missing;
  bool synced_before = false;
};

struct FolderPolicy {
  bool pull = false;       ///< this computer may change
  bool push = false;       ///< the server may change
  bool deletions = false;  ///< what one side lacks may be deleted on the other
  bool force = false;      ///< an emptied side is as it should be
};

/// Why nothing is done.
enum class FolderStop {
  local_no_folder,
  local_closed,
  server_no_folder,
  server_closed,
  nowhere,         ///< missing on both sides
  not_here,        ///< to be pushed, and missing here
  not_there,       ///< to be pulled, and missing on the server
  local_missing,   ///< it was synced before: a disk may not be mounted
  local_emptied,   ///< the same, or what was in it is lost
  server_missing,  ///< the same of the server
  server_emptied,
};

/// What a run does with a folder, unless `stop` says why it does nothing.
struct FolderPlan {
  std::optional<FolderStop> stop = std::nullopt;
  bool make_local = false;   ///< before anything else
  bool make_server = false;  ///< before anything else

  bool operator==(const FolderPlan&) const = default;
};

FolderPlan decide(const FolderFacts& facts, const FolderPolicy& policy);

}  // namespace syncmanager
