// What git's settings have in place of `ssh`, for one project: git-config(1) core.sshCommand, git(1) GIT_SSH_COMMAND.
#pragma once

#include <filesystem>
#include <string>

#include "base/environment.hpp"

namespace syncmanager::git {

/// $GIT_SSH_COMMAND, else core.sshCommand as it holds in the repository at `project` (where none is, in general), else
/// $GIT_SSH as a word; for a shell. Empty: plain ssh. A repository that can't be read counts as none.
std::string ssh_setting(const Environment& environment, const std::filesystem::path& project);

}  // namespace syncmanager::git
