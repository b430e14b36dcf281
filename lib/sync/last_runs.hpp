// What the last run came to in each project, for sync-status. One file for all projects of this user, replaced at the
// end of a run; only for people: no run decides by it, so that it may be lost.
//
//   syncmanager last runs 1
//   2026-11-24T22:57:26.123Z sync-pull offline origin /home/j/notes ssh://… \- cannot\_reach… try\_again…
//
// Words with a space between them; `\_`, `\n` and `\\` are a space, a line feed and a backslash, `\-` is nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "model/status.hpp"

namespace syncmanager::sync {

/// A project's path, remote and URL (without a password): under another URL nothing is known.
using LastRunKey = std::tuple<std::string, std::string, std::string>;
using LastRuns = std::map<LastRunKey, LastRun>;

LastRunKey key_of(const ProjectOutcome& project);

/// Lines that are damaged are passed over. Pure.
LastRuns parse_last_runs(std::string_view text);
std::string format_last_runs(const LastRuns& runs);

/// Nothing where there is no file. Throws Error(failed).
LastRuns read_last_runs(const Environment& environment);

/// Adds what this run came to in its projects, but for skipped ones, which nobody has looked at. Runs at the same time
/// don't lose each other's. Throws Error(failed | locked).
void remember(const RunReport& report, const std::string& tool, const Environment& environment);

}  // namespace syncmanager::sync
