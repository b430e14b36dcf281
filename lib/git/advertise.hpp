// What repositories on a server have, by the advertisement of git-upload-pack: for servers without a shell, one channel
// each, and several of them under way at once.
//
//   git-upload-pack '/srv/git/notes.git'
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "git/refs.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

/// The next path to ask for; nothing at the end.
using NextPath = std::function<std::optional<std::string>()>;
using OnAdvertised = std::function<void(Listing&&)>;

/// Asks for each path that `next` gives, and calls `done` for each in the same order: found, or failed with the
/// server's words (a missing repository is not told apart from one that may not be read). Up to `at_once` commands
/// are under way, fewer where the server allows no more; those that have been started wait for `done`, so it should not
/// take long. Throws Error(offline | auth | failed) where the connection fails.
void advertise_all(ssh::Connection& connection, const NextPath& next, std::size_t at_once, const OnAdvertised& done);

/// One of them, found. Throws Error(failed) with the server's words too.
Listing advertised(ssh::Connection& connection, const std::string& path);

}  // namespace syncmanager::git
