// What sync-undo takes back, and by which moves, as the journal of a repository tells it. Pure: where the branches are
// by now, and whether they can move, is looked at elsewhere.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/journal.hpp"

namespace syncmanager::sync {

/// The tool whose own runs are not taken back.
inline constexpr const char* undo_name = "sync-undo";

/// When the newest run with one of these remotes has started that changed something and was not taken back yet. One
/// that is dated after tomorrow is passed over: no clock of this computer's has seen it.
std::optional<Time> newest_start(const std::vector<JournalRun>& runs, const std::set<std::string>& remotes, Time now);

/// All that was taken down of the run that started then, and can be taken back, the last first: with several of the
/// remotes, or in several tries.
std::vector<JournalRun> runs_of(const std::vector<JournalRun>& runs, const std::set<std::string>& remotes,
                                Time started);

/// Back to where a branch was before the runs, however many of their moves have led away from there.
struct WayBack {
  bool sent = false;   ///< on the server of `remote`; else here
  std::string ref;     ///< full
  std::string remote;  ///< of the last move
  std::optional<Oid> to;
  std::vector<std::optional<Oid>> stops;  ///< where the moves have led, the last first
};

/// `runs` as runs_of() has them. The move that was last is the first to be taken back.
std::vector<WayBack> ways_back(const std::vector<JournalRun>& runs);

}  // namespace syncmanager::sync
