// Which repository a folder belongs to, by git's files alone (gitrepository-layout(5)): hooks have no time for git, and
// not for libgit2 either.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace syncmanager::queue {

/// The common git folder, canonical. `git_dir` is the value of $GIT_DIR as a hook gets it, empty where there is none;
/// then `folder`, or one above it, is a working tree or a bare repository. Nothing where neither is the case.
std::optional<std::filesystem::path> common_git_folder(const std::filesystem::path& folder, const std::string& git_dir);

/// The same for a folder that is a working tree's own, or a bare repository itself: none above it is looked for.
std::optional<std::filesystem::path> git_folder_of(const std::filesystem::path& folder);

}  // namespace syncmanager::queue
