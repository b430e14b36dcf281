// What a connection through libssh2 is made from, and how it says that libssh2 can't make it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/interrupt.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/settings.hpp"

namespace syncmanager::ssh {

struct SessionOptions {
  Settings settings;  ///< with file names that are ready to be opened
  std::vector<KnownHost> known_hosts;
  std::string agent_socket;                   ///< empty: no agent
  std::chrono::milliseconds silence{30'000};  ///< the longest wait for the connection and for the next byte
  const Interrupt* interrupt = nullptr;       ///< ends the waiting; borrowed, null: nothing
  bool interactive = false;                   ///< a person could be asked for a passphrase, by ssh
  std::string name;                           ///< the server as the user wrote it, for messages
  std::string by_hand;                        ///< the command that logs in there by hand, for hints: ssh HOST
  std::function<void(const std::string&)> note = [](const std::string&) {};  ///< for `-v`
};

/// Thrown where libssh2 can't do what is asked (an RSA, certificate or security key that the server would accept, an
/// algorithm that it lacks), so that the system's ssh shall try.
struct Unsupported {
  std::string why;
  std::string hint;                ///< what the user can do where ssh can't log in either
  std::string agent_trouble = {};  ///< why the agent can't be used; ssh would only wait for it once more
};

}  // namespace syncmanager::ssh
