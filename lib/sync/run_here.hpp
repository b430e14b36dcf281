// What the tools do that ask no server: one git project after the other, each in its repository here, under its lock.
#pragma once

#include <functional>
#include <vector>

#include "base/environment.hpp"
#include "git/repository.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

using ActHere = std::function<void(const Project&, git::Repository&, ProjectOutcome&)>;

/// An Error that `act` throws becomes the project's outcome, and the others go on. A project of another kind is
/// skipped: `only_git` says why. Fills all of the report but `tool` and `errors`.
RunReport run_here(const std::vector<Project>& projects, bool dry_run, const Environment& environment,
                   const std::string& only_git, const ActHere& act);

}  // namespace syncmanager::sync
