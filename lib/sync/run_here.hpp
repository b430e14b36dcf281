// What the tools do that ask no server: one git project after the other, each in its repository here, under its lock.
#pragma once

#include <functional>
#include <string>

#include "base/environment.hpp"
#include "git/repository.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"
#include "sync/local_request.hpp"

namespace syncmanager::sync {

using ActHere = std::function<void(const Project&, git::Repository&, ProjectOutcome&)>;

/// What a project comes to that has no repository here.
enum class NotCloned { fails, is_fine };

/// What `act` throws becomes the project's outcome, and the others go on. A project of another kind is skipped:
/// `only_git` says why. Fills all of the report but `tool` and `errors`.
RunReport run_here(const LocalRequest& request, const Environment& environment, const std::string& only_git,
                   NotCloned not_cloned, const ActHere& act);

using LookHere = std::function<void(const Project&, const git::Repository&, ProjectOutcome&)>;

/// The same for who changes nothing: without the locks, so that no other run is waited for. A project that is not
/// cloned is fine.
RunReport look_here(const LocalRequest& request, const std::string& only_git, const LookHere& look);

}  // namespace syncmanager::sync
