// Which ssh agent is asked: the one that the ssh configuration names, or SSH_AUTH_SOCK; and where that variable is
// missing, as in a run from cron or from a service, or its agent is gone, one that this user has running elsewhere.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "ssh/settings.hpp"

namespace syncmanager::ssh {

/// Sockets that agents may listen at: `pattern` stands for paths below `folder`, with `*` in their parts.
struct AgentPlace {
  std::filesystem::path folder;
  std::string pattern;
};

/// The places where the systems and desktops of today put them; those that start an agent when they are asked, last.
std::vector<AgentPlace> usual_places(const Environment& environment);

/// The sockets at a place that cannot be somebody else's trap, the newest first: they belong to this user, and so does
/// their folder, in which nobody else can write; nobody but this user and root can replace a folder above it; and no
/// symbolic link leads there from the place's folder on.
std::vector<std::filesystem::path> own_sockets(const AgentPlace& place);

/// The same environment where the agent of SSH_AUTH_SOCK answers; else with the first one of those places that has
/// keys, or at least answers; else with none. So everything that is given this environment, `ssh` and `git` too, uses
/// the same agent, and none waits for one that hangs. Takes at most `longest`, and ends at an `interrupt`, which may be
/// null; `note` is told what was found, for `-v`.
Environment with_live_agent(Environment environment, std::chrono::milliseconds longest, const Interrupt* interrupt,
                            const std::function<void(const std::string&)>& note);

/// The socket of the agent for one server: IdentityAgent, else SSH_AUTH_SOCK; empty where there is to be none. Nothing
/// where only ssh knows what IdentityAgent means.
std::optional<std::string> agent_socket(const Settings& settings, const Environment& environment);

}  // namespace syncmanager::ssh
