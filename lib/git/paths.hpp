// Names of files in a working tree, as git's commands print them with -z: from the top of the tree, unquoted.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"

namespace syncmanager::git {

using Paths = std::set<std::string, std::less<>>;

/// What `git -C FOLDER ARGUMENTS…` prints, cut at its NULs, in its order. Throws Error(failed).
std::vector<std::string> words_of(const Environment& environment, const std::filesystem::path& folder,
                                  const std::vector<std::string>& arguments);

/// The same as paths; a nested repository's without the slash behind it. Throws Error(failed).
Paths paths_of(const Environment& environment, const std::filesystem::path& folder,
               const std::vector<std::string>& arguments);

/// Whether it names a file in a working tree that a git on any system would make: not one outside, and none of `.git`
/// in any of the ways in which file systems spell that. What a tree names is the server's, and git's plumbing prints it
/// unchecked. Pure.
bool is_in_tree(std::string_view path);

}  // namespace syncmanager::git
