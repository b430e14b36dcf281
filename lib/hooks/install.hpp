// What sync-hooks does with projects: one report for each of its three commands.
#pragma once

#include <filesystem>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "sync/local_request.hpp"

namespace syncmanager::hooks {

/// Brings the hooks of each project to what its `hooks` in the conf file lists: those are installed, the others
/// removed. `enqueue` is the program that they call. Where git looks for hooks in a folder that is not the repository's
/// own, the project waits for a person. Each change is a line of the `message` in its project's outcome. As run_here().
SYNCMANAGER_API RunReport install_hooks(const sync::LocalRequest& request, const std::filesystem::path& enqueue,
                                        const Environment& environment);

/// Takes all of them away again; what was there before is as it was.
SYNCMANAGER_API RunReport uninstall_hooks(const sync::LocalRequest& request, const std::filesystem::path& enqueue,
                                          const Environment& environment);

/// Changes nothing: the message says what is installed, and what waits for a person is attention.
SYNCMANAGER_API RunReport hooks_status(const sync::LocalRequest& request, const std::filesystem::path& enqueue,
                                       const Environment& environment);

}  // namespace syncmanager::hooks
