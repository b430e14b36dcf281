// What a server has: all branches and tags of many repositories by one `sh` over there, in one round trip where nothing
// has changed. It reads the ref files of all of them at once (glimpse.hpp); for those that are not as expected, or look
// odd, it runs `git for-each-ref`. What it prints stands in listing_reader.hpp.
//
// The command, for two repositories:
//   exec sh -c '…' sh '/srv/git/notes.git' '~/blog'
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "git/listing_reader.hpp"
#include "git/refs.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

/// How many bytes of paths one command takes; a longer list is asked in several commands. libssh2 sends a command in
/// one packet of at most 35,000 bytes.
inline constexpr std::size_t listing_bytes = 24'000;

/// The command for these paths. `~/` at a path's start means the home folder there; every path is quoted.
std::string listing_command(const std::vector<std::string>& paths);

/// Says whether the repository at this place of the list has nothing to do, if the glimpse of it is right. Such a
/// glimpse is good for nothing else: not to move, nor to delete, nor to report anything.
using AtRest = std::function<bool(std::size_t, const Listing&)>;

enum class ListResult { complete, no_shell };

/// Asks one server for all of `paths` (of at most listing_bytes in all). Calls `at_rest` for each of which there is a
/// glimpse, and `done`, as they come, for all others and for those that are not at rest: what git said, or missing or
/// uncertain. Both may take their time, and so may `meanwhile`, which is called as soon as the server has its question.
/// Throws Error(offline | auth | failed).
ListResult list(
    ssh::Connection& connection, const std::vector<std::string>& paths, const AtRest& at_rest,
    const ListingReader::Done& done, const std::function<void()>& meanwhile = [] {});

}  // namespace syncmanager::git
