// The process's end of a tool: the standard streams, and errors turned into messages and exit codes.
#pragma once

#include <functional>
#include <string_view>

namespace syncmanager::tools {

/// Writes a result to standard output, all of it. Throws Error(failed) where that can't be done (a full disk, a reader
/// that has gone).
void print(std::string_view text);

/// Writes to standard error; what can't be written there is lost.
void complain(std::string_view text) noexcept;

/// Runs what a tool does and returns its exit code. An exception becomes a message and the code of its kind. A reader
/// that goes away is an error to print(), not a signal that ends the process. Called once, by main.
int guarded(std::string_view tool, const std::function<int()>& work) noexcept;

}  // namespace syncmanager::tools
