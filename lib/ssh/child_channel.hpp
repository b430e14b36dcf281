// Channels whose other end is a child process: a command in this computer's own shell (for projects whose server is a
// folder), or on a server through the system's `ssh`, which knows every way to log in.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "ssh/channel.hpp"

namespace syncmanager::ssh {

struct ChildSetup {
  std::vector<std::string> argv;  ///< without the command: {"sh", "-c"}, or {"ssh", "-T", …, "--", "host"}
  std::vector<std::string> environment;
  std::string name;                           ///< the server, for messages
  std::chrono::milliseconds silence{30'000};  ///< the longest wait for the next byte
  bool interactive = false;  ///< keeps the child where it can prompt on the terminal, with time to answer
  bool is_ssh = false;       ///< exit status 255 is then ssh's own failure, not the command's
  std::string login_hint;    ///< what to tell the user where ssh can't log in
};

/// Each channel is a child: `argv` with the command as its last argument. As the connection is only made with the first
/// channel, a server that can't be reached or refuses the login shows in the channel's read(), write() or wait().
/// SIGPIPE must be ignored.
class ChildConnection : public Connection {
 public:
  explicit ChildConnection(ChildSetup setup) : setup_(std::move(setup)) {}
  std::unique_ptr<Channel> open(const std::string& command) override;

 private:
  ChildSetup setup_;
};

}  // namespace syncmanager::ssh
