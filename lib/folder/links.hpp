// Symbolic links that rsync takes for unsafe: with --safe-links it brings none of them, and keeps no copy of one that
// has to make way.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/interrupt.hpp"

namespace syncmanager::folder {

/// Whether a link at this path below a root leads out of it, or might to some version of rsync. Pure.
bool leads_out(std::string_view path, std::string_view target);

/// The paths, below `root`, of all links that lead out of it, sorted; without those that syncing keeps there itself.
/// Follows none, and passes over what can't be read. Throws Error(interrupted).
std::vector<std::string> links_out_of(const std::filesystem::path& root, const Interrupt* interrupt);

}  // namespace syncmanager::folder
