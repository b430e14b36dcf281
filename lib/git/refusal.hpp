// Why a command on a server has ended without the answer that it was started for.
#pragma once

#include <string>

#include "ssh/channel.hpp"

namespace syncmanager::git {

/// For people: the words on its standard error, or at least its exit status. After the end of its output.
std::string refusal(ssh::Channel& channel);

}  // namespace syncmanager::git
