// A look at the root over there that goes in front of the program: where all is as it was when both sides last met,
// rsync or Unison runs at once, and nobody has to ask before. Pure.
#pragma once

#include <string>
#include <string_view>

namespace syncmanager::folder {

/// What the look prints on the error stream, as a line, where it lets the program run.
inline constexpr std::string_view guard_passed = "syncmanager: the folder is there";

/// For the shell over there, to be put before a command: it lets that run only where the folder is there, has files
/// and, if `for_writing` by rsync, the temporary folder. `path` is as in URLs: absolute, or below the home folder.
std::string guard(const std::string& path, bool for_writing);

/// The path as that shell's `cd` takes it: it begins in the home folder.
std::string from_home(const std::string& path);

/// Takes the line away; whether it was there.
bool take_guard_line(std::string& errors);

}  // namespace syncmanager::folder
