// Git repositories inside a folder that is synced file by file, which would mix up what git keeps together.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/interrupt.hpp"

namespace syncmanager::folder {

/// The paths, below `root`, of everything called `.git`, sorted. Follows no links; passes over what can't be read, and
/// what syncing keeps there itself. Ends early, with what it has found, where that is asked for. Never throws but for
/// want of memory.
std::vector<std::string> repositories_in(const std::filesystem::path& root, const Interrupt* interrupt);

}  // namespace syncmanager::folder
