// How the system's ssh is started for a server: argument vectors for us, command lines for git and for a person.
#pragma once

#include <string>
#include <vector>

#include "model/url.hpp"
#include "ssh/connect_options.hpp"
#include "ssh/settings.hpp"

namespace syncmanager::ssh {

/// Whether ssh is OpenSSH, as far as one can see: only that takes its options. Any other ssh_command gets what git
/// gives to a simple ssh: [-p PORT] [USER@]HOST.
bool is_openssh(const ConnectOptions& options);

/// For one command on the server, which is to be added. `socket` as for ssh_command_for_programs().
std::vector<std::string> ssh_program(const Url& url, const ConnectOptions& options, const std::string& socket);

/// Prints the settings, and with them whether the command lets itself be made a master. Only for OpenSSH.
std::vector<std::string> ssh_settings_program(const Url& url, const ConnectOptions& options);

/// Connects, goes to the background and listens at `socket` for what we want there. Only for OpenSSH.
std::vector<std::string> ssh_master_program(const Url& url, const ConnectOptions& options, const std::string& socket);

/// Whether ssh_master_program() does all of that: a command's own options come first and may say otherwise.
bool becomes_master(const Settings& settings);

/// For programs that start ssh themselves and add the server to it: a command for a shell, as GIT_SSH_COMMAND is.
/// `socket` is where a master listens that it shall use; "none": it shall use none; empty: as it is configured.
std::string ssh_command_for_programs(const ConnectOptions& options, const std::string& socket);

/// As a person would type it.
std::string ssh_by_hand(const Url& url, const ConnectOptions& options);

}  // namespace syncmanager::ssh
