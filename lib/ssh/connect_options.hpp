// How a run wants its servers to be connected to.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "base/interrupt.hpp"

namespace syncmanager::ssh {

struct ConnectOptions {
  std::filesystem::path ssh_config;              ///< as `ssh -F`; empty: the user's own
  std::string ssh_command;                       ///< $GIT_SSH_COMMAND, core.sshCommand: ssh is this, by a shell
  std::chrono::milliseconds timeout{30'000};     ///< for the connection, and for silence on it
  bool without_agent = false;                    ///< ssh shall ask no agent: the one it would ask is of no use
  bool for_programs = false;                     ///< git, rsync or Unison shall be able to share the connection
  bool interactive = false;                      ///< a person sits at a terminal and may be asked for a passphrase
  std::function<void(const std::string&)> note;  ///< for `-v`: which way was chosen and why; any thread; may be empty
  const Interrupt* interrupt = nullptr;          ///< ends the waiting; borrowed, null: nothing
};

}  // namespace syncmanager::ssh
