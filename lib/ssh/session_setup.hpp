// Turns the user's ssh settings into what a libssh2 session is set up with, where libssh2 can do all that they ask.
#pragma once

#include <string>
#include <variant>

#include "base/environment.hpp"
#include "ssh/session_options.hpp"
#include "ssh/settings.hpp"

namespace syncmanager::ssh {

/// Why only the system's ssh can do what is asked: "ProxyJump gate".
struct OnlyBySsh {
  std::string why;
};

/// Reads the files of known hosts. Fills the settings, known hosts and agent of the options.
std::variant<SessionOptions, OnlyBySsh> session_setup(Settings settings, const Environment& environment);

}  // namespace syncmanager::ssh
