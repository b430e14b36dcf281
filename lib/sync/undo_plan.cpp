#include "sync/undo_plan.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace syncmanager::sync {

namespace {

bool can_be_undone(const JournalRun& run, const std::set<std::string>& remotes) {
  return !run.undone && !run.entries.empty() && run.tool != undo_name && remotes.contains(run.remote);
}

/// Where the move before the last one of the same branch has ended where that one began, both go back at once.
void lead_back(std::vector<WayBack>& ways, const JournalEntry& entry, const std::string& remote) {
  const bool sent = entry.kind == JournalEntry::Kind::sent;
  const auto joins = [&](const WayBack& way) {
    return way.sent == sent && way.ref == entry.ref && way.to == entry.to && (!sent || way.remote == remote);
  };
  const auto later = std::find_if(ways.rbegin(), ways.rend(), joins);
  if (later == ways.rend()) {
    ways.push_back({.sent = sent, .ref = entry.ref, .remote = remote, .to = entry.from, .stops = {entry.to}});
  } else {
    later->stops.push_back(entry.to);
    later->to = entry.from;
  }
}

}  // namespace

std::optional<Time> newest_start(const std::vector<JournalRun>& runs, const std::set<std::string>& remotes, Time now) {
  std::optional<Time> newest;
  for (const JournalRun& run : runs) {
    const bool counts = can_be_undone(run, remotes) && run.started <= now + std::chrono::days(1);
    if (counts) newest = std::max(newest, std::optional(run.started));
  }
  return newest;
}

std::vector<JournalRun> runs_of(const std::vector<JournalRun>& runs, const std::set<std::string>& remotes,
                                Time started) {
  std::vector<JournalRun> found;
  std::copy_if(runs.rbegin(), runs.rend(), std::back_inserter(found),
               [&](const JournalRun& run) { return can_be_undone(run, remotes) && run.started == started; });
  return found;
}

std::vector<WayBack> ways_back(const std::vector<JournalRun>& runs) {
  std::vector<WayBack> ways;
  for (const JournalRun& run : runs) {
    for (auto entry = run.entries.rbegin(); entry != run.entries.rend(); ++entry) lead_back(ways, *entry, run.remote);
  }
  return ways;
}

}  // namespace syncmanager::sync
