// Channels whose other end is a child process: a command in this computer's own shell (for projects whose server is a
// folder), or on a server through the system's `ssh`, which knows every way to log in.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/interrupt.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::ssh {

struct ChildSetup {
  std::vector<std::string> environment;
  std::string name;                           ///< the server, for messages
  std::chrono::milliseconds silence{30'000};  ///< the longest wait for the next byte
  bool interactive = false;              ///< keeps the child where it can prompt on the terminal, with time to answer
  bool is_ssh = false;                   ///< exit status 255 is then ssh's own failure, not the command's
  std::string login_hint;                ///< what to tell the user where ssh can't log in
  const Interrupt* interrupt = nullptr;  ///< ends the waiting; borrowed, null: nothing
};

/// Starts a child whose standard streams are the channel. What an ssh says when it gives up by itself shows in the
/// channel's read(), write() or wait(). SIGPIPE must be ignored. Throws Error(failed) where it can't be started.
std::unique_ptr<Channel> start_child(const ChildSetup& setup, std::vector<std::string> argv);

/// Each channel is a child: `argv` ({"sh", "-c"}, or {"ssh", "-T", …, "--", "host"}) with the command as its last
/// argument. The connection is only made with the first channel, and so is a login refused.
class ChildConnection : public Connection {
 public:
  ChildConnection(ChildSetup setup, std::vector<std::string> argv, std::size_t lanes)
      : setup_(std::move(setup)), argv_(std::move(argv)), lanes_(lanes) {}
  std::unique_ptr<Channel> open(const std::string& command) override;
  [[nodiscard]] std::size_t lanes() const override { return lanes_; }

 private:
  ChildSetup setup_;
  std::vector<std::string> argv_;
  std::size_t lanes_;
};

}  // namespace syncmanager::ssh
