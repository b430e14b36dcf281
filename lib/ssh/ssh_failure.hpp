// Reads what the system's ssh says when it gives up by itself, which it tells only by exit status 255 and its words.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace syncmanager::ssh {

/// The error for what ssh printed on its standard error before it ended with status 255: auth, offline or failed, with
/// the line that says it. `name` is the server; `hint` is used for a login that failed.
Error ssh_failure(const std::string& name, std::string_view errors, const std::string& hint);

}  // namespace syncmanager::ssh
