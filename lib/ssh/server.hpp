// One server, for all threads of a run. The only place that chooses the way there: this computer's shell, libssh2, or
// the system's ssh.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "base/environment.hpp"
#include "model/url.hpp"
#include "ssh/channel.hpp"
#include "ssh/child_channel.hpp"
#include "ssh/connect_options.hpp"
#include "ssh/session.hpp"

namespace syncmanager::ssh {

/// Any thread. Outlives its connections. SIGPIPE must be ignored.
class Server {
 public:
  Server(Url url, Environment environment, ConnectOptions options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// One connection more, for the calling thread. The first one reads the ssh settings and finds the way; the others
  /// wait for that and go the same way. A server that accepts no further one may throw Error(offline), and the
  /// connections that are there go on. Throws Error(offline | auth | failed); where each command is an ssh of its own,
  /// these come with the first channel instead.
  std::unique_ptr<Connection> connect();

  /// For programs that start ssh themselves and add the server to it: what GIT_SSH_COMMAND should be, for a shell.
  /// Takes along the connection that is there, where ssh can. Empty where the server is no ssh server.
  [[nodiscard]] std::string ssh_for_git() const;

 private:
  struct ByChild {
    ChildSetup setup;
    std::vector<std::string> argv;
    std::size_t lanes = 1;
  };
  using Way = std::variant<ByChild, SessionOptions>;
  using SharedWay = std::shared_ptr<const Way>;

  SharedWay choose() const;
  SharedWay by_the_settings() const;
  SharedWay by_shell() const;
  SharedWay by_ssh(const std::string& why, const std::string& hint) const;
  void note(const std::string& text) const;
  static std::unique_ptr<Connection> connect_by(const Way& way);

  const Url url_;
  const Environment environment_;
  const ConnectOptions options_;
  mutable std::mutex mutex_;  // guards what follows
  SharedWay way_;
  bool proven_ = false;  // a connection has come about that way
};

}  // namespace syncmanager::ssh
