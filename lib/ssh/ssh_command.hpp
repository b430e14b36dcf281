// How the system's ssh is started for a server: argument vectors for us, command lines for git and for a person.
#pragma once

#include <string>
#include <vector>

#include "model/url.hpp"
#include "ssh/connect_options.hpp"

namespace syncmanager::ssh {

/// Whether ssh is OpenSSH, as far as one can see: only that takes its options. Any other ssh_command gets what git
/// gives to a simple ssh: [-p PORT] [USER@]HOST.
bool is_openssh(const ConnectOptions& options);

/// For one command on the server, which is to be added.
std::vector<std::string> ssh_program(const Url& url, const ConnectOptions& options);

/// Prints the settings. Only for OpenSSH.
std::vector<std::string> ssh_settings_program(const Url& url, const ConnectOptions& options);

/// For programs that start ssh themselves and add the server to it: what GIT_SSH_COMMAND should be, for a shell.
std::string ssh_command_for_git(const ConnectOptions& options);

/// As a person would type it.
std::string ssh_by_hand(const Url& url, const ConnectOptions& options);

}  // namespace syncmanager::ssh
