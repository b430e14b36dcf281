// Decides about the key that a server shows, and remembers a new one where the user's settings ask for that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ssh/known_hosts.hpp"
#include "ssh/session_options.hpp"
#include "ssh/settings.hpp"

namespace syncmanager::ssh {

/// What the files of these settings hold, the user's first; one that can't be reached holds nothing. Throws
/// Error(failed) where one can't be read.
std::vector<KnownHost> read_known_hosts(const Settings& settings);

/// The algorithms of the keys that are known for the server of these options.
std::vector<std::string> known_algorithms(const SessionOptions& options);

/// Returns where the key may be trusted. A new one is first recorded in the user's file where the settings say
/// accept-new. Throws Error(auth) with the fingerprint and what to do; Unsupported where ssh could find a key that it
/// knows and libssh2 can't.
void check_host_key(const SessionOptions& options, std::string_view key);

}  // namespace syncmanager::ssh
