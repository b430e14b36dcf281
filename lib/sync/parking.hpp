// Work that can't be published is kept on the server all the same: refs/sync/<computer>/heads/<branch> there holds the
// branch's tip, and refs/sync/parked/<remote>/<branch> here tells what it holds. From before the push to its end
// refs/sync/parking/<remote>/<branch> tells what it may hold: where a run is stopped in between, the next one finds
// out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/workspace.hpp"

namespace syncmanager::sync {

/// The full name of the ref that keeps a branch of this computer on the server.
std::string parked_name(const Workspace& work, const std::string& branch);

/// What has to move there so that the branch is parked at `tip`; without one, so that it is parked no more. Nothing
/// where it is so already. What the ref would lose is rescued here first, and fetched where it is not here; and what it
/// is going to hold is noted here. Throws Error.
std::optional<git::PushedRef> park(Workspace& work, const std::string& branch, const std::optional<Oid>& tip);

/// The branches that this computer has parked, and that are settled by now: the same on both sides, or on none.
std::vector<std::string> settled_and_parked(const Workspace& work);

/// The server has moved the ref: remembers it here. Throws Error(failed | locked).
void remember_parked(Workspace& work, const std::string& branch, const std::optional<Oid>& tip);

/// The server has not moved the ref. Throws as remember_parked().
void forget_parking(Workspace& work, const std::string& branch);

/// Finds out what became of the parking in whose midst a run was stopped, as the server's listing tells it. Before
/// park(). Throws as remember_parked().
void settle_parking(Workspace& work);

}  // namespace syncmanager::sync
