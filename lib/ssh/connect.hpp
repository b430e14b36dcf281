// The only place that chooses the way to a server: this computer's shell, libssh2, or the system's ssh.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "model/url.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::ssh {

struct ConnectOptions {
  std::filesystem::path ssh_config;              ///< as `ssh -F`; empty: the user's own
  std::string ssh_command;                       ///< $GIT_SSH_COMMAND: then ssh is always this, by a shell
  std::chrono::milliseconds timeout{30'000};     ///< for the connection, and for silence on it
  bool interactive = false;                      ///< a person sits at a terminal and may be asked for a passphrase
  std::function<void(const std::string&)> note;  ///< for `-v`: which way was chosen and why; may be empty
};

/// A connection to the URL's server, for the calling thread. Throws Error(offline | auth | failed). Where it goes
/// through the system's ssh, these come with the first channel instead, and SIGPIPE must be ignored.
std::unique_ptr<Connection> connect(const Url& url, const Environment& environment, const ConnectOptions& options);

/// The argument vector of the system's ssh for this server, without the command to run there.
std::vector<std::string> ssh_program(const Url& url, const ConnectOptions& options);

/// For programs that start ssh themselves and add the server to it: what GIT_SSH_COMMAND should be, for a shell.
std::string ssh_command_for_git(const ConnectOptions& options);

}  // namespace syncmanager::ssh
