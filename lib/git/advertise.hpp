// What repositories on a server have, by the advertisement of git-upload-pack: for servers without a shell, one channel
// each, and several of them under way at once.
//
//   git-upload-pack '/srv/git/notes.git'
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "git/refs.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

using OnAdvertised = std::function<void(std::size_t, Listing&&)>;

/// How many commands may be under way on one server, whatever the number of connections: sshd's MaxSessions is 10.
inline constexpr std::size_t most_advertisements = 8;

/// Asks for all of `paths` and calls `done` for each, in their order: found, or failed with the server's words (a
/// missing repository is not told apart from one that may not be read). Up to `at_once` commands are under way, fewer
/// where the server allows no more; those that have been started wait for `done`, so it should not take long.
/// Throws Error(offline | auth | failed) where the connection fails.
void advertise_all(ssh::Connection& connection, const std::vector<std::string>& paths, std::size_t at_once,
                   const OnAdvertised& done);

/// One of them, found. Throws Error(failed) with the server's words too.
Listing advertised(ssh::Connection& connection, const std::string& path);

}  // namespace syncmanager::git
