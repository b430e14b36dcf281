// Reads why git gave up on the way to a server, which it tells only by exit status 128 and its words.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace syncmanager::git {

/// The error for what git printed on its standard error, in English: auth, offline, timeout or failed, with the words
/// that say it. `act` begins the message: "list https://server/notes.git". A password that stands in a URL there is
/// left out.
Error git_failure(const std::string& act, std::string_view errors);

/// Whether git would have asked for a name or a password, had it been allowed to.
bool wants_to_ask(std::string_view errors);

/// Whether a fetch failed only because the server has one of the refs no more.
bool lacks_a_ref(std::string_view errors);

}  // namespace syncmanager::git
