// A hook as text: our script, our block in somebody else's, and that without it again, byte for byte. Pure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "queue/token.hpp"

namespace syncmanager::hooks {

/// `post-commit`
std::string hook_name(queue::Event event);

/// The whole script, which calls this program (an absolute path).
std::string hook_script(queue::Event event, const std::filesystem::path& enqueue);

/// The same, and then the hook of this name in sync-hooks.d.
std::string wrapping_script(queue::Event event, const std::filesystem::path& enqueue);

enum class HookKind {
  ours,      ///< our script and nothing else, of whatever path
  wrapping,  ///< our script around another hook
  joined,    ///< a shell script with our block
  shell,     ///< a shell script that can take our block
  other,     ///< another program
};

HookKind kind_of(std::string_view text);

/// A shell script with the block right behind its first line: the arguments, the input, the exit status and $0 of what
/// follows stay what they were. One that has a block already gets this one in its place.
std::string with_block(std::string_view text, queue::Event event, const std::filesystem::path& enqueue);

/// What with_block() was given.
std::string without_block(std::string_view text);

}  // namespace syncmanager::hooks
