// Channels whose other end is a child process: a command in this computer's own shell (for projects whose server is a
// folder), or on a server through the system's `ssh`, which knows every way to log in.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::ssh {

/// Each channel is a child: `argv` with the command as its last argument.
class ChildConnection : public Connection {
 public:
  /// `argv` without the command: {"sh", "-c"}, or {"ssh", "-T", …, "--", "host"}. `name` is for messages.
  /// `interactive` keeps the child where it can prompt on the terminal.
  ChildConnection(std::vector<std::string> argv, std::vector<std::string> environment, std::string name,
                  std::chrono::milliseconds silence, bool interactive);
  std::unique_ptr<Channel> open(const std::string& command) override;

 private:
  std::vector<std::string> argv_;
  std::vector<std::string> environment_;
  std::string name_;
  std::chrono::milliseconds silence_;
  bool interactive_;
};

}  // namespace syncmanager::ssh
