// The programs that nobody calls by hand: hooks and tools start them.
#pragma once

#include <filesystem>
#include <string_view>

namespace syncmanager::tools {

inline constexpr std::string_view enqueue_program = "enqueue";            ///< what the git hooks call
inline constexpr std::string_view worker_program = "worker";              ///< what syncs in the background
inline constexpr std::string_view remote_shell_program = "remote-shell";  ///< what rsync and Unison take for ssh

/// The absolute path of one of them, by that of this program: they are installed together. Throws Error(failed) where
/// this program's own path is not to be had.
std::filesystem::path private_program(std::string_view name);

/// The same for another tool, such as `sync-now`.
std::filesystem::path tool_program(std::string_view name);

}  // namespace syncmanager::tools
