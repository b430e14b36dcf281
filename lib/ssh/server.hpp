// One server, for all threads of a run. The only place that chooses the way there: this computer's shell, libssh2, or
// the system's ssh, which runs once as a master or, where it can't, anew for each command.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/environment.hpp"
#include "model/url.hpp"
#include "ssh/channel.hpp"
#include "ssh/child_channel.hpp"
#include "ssh/connect_options.hpp"
#include "ssh/master.hpp"
#include "ssh/session_options.hpp"
#include "ssh/settings.hpp"

namespace syncmanager::ssh {

/// Any thread. Its connections may outlive it. SIGPIPE must be ignored.
class Server {
 public:
  Server(Url url, Environment environment, ConnectOptions options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// One connection more, for the calling thread. The first one reads the ssh settings and finds the way; the others
  /// wait for that and go the same way, until it breaks: then it is looked for again. A server that accepts no further
  /// one may throw Error(offline), and the connections that are there go on. Throws Error(offline | auth | failed |
  /// interrupted); where each command is an ssh of its own, these come with the first channel instead.
  std::unique_ptr<Connection> connect();

  /// For programs that start ssh themselves and add the server to it (git, rsync, Unison): a command for a shell, as
  /// GIT_SSH_COMMAND is. Takes along the ssh master, where that is the way. Empty where the server is no ssh server.
  [[nodiscard]] std::string ssh_for_programs() const;
  /// The same for one that will be the only one. It logs in by itself, unless the connection can do without an ssh of
  /// ours: then it is made here. Only with ConnectOptions::for_programs. Throws as connect().
  std::string ssh_for_lone_program();

 private:
  struct ByChild {
    ChildSetup setup;
    std::vector<std::string> argv;
    std::size_t lanes = 1;
  };
  using Way = std::variant<ByChild, SessionOptions, std::shared_ptr<Master>>;
  using SharedWay = std::shared_ptr<const Way>;

  void forget_broken_way();
  bool has_settings();
  SharedWay choose();
  SharedWay by_shell() const;
  SharedWay by_the_settings();
  SharedWay without_an_ssh();
  SharedWay by_the_users_master();
  SharedWay by_libssh2();
  SharedWay by_session_master(const SessionOptions& options);
  SharedWay by_master();
  SharedWay by_child() const;
  void look_at_agent();
  void leave_out_agent(const std::string& trouble);
  [[nodiscard]] MasterSetup master_setup() const;
  [[nodiscard]] ChildSetup ssh_setup() const;
  [[nodiscard]] std::string unmastered() const;
  void note(const std::string& text) const;
  static std::unique_ptr<Connection> connect_by(const Way& way);

  const Url url_;
  const Environment environment_;
  mutable std::mutex mutex_;  // guards what follows
  ConnectOptions options_;
  std::optional<Settings> settings_;
  std::optional<Unsupported> only_by_ssh_;  // why libssh2 is of no use
  bool users_master_failed_ = false;
  SharedWay way_;
  bool proven_ = false;  // a connection has come about that way
};

}  // namespace syncmanager::ssh
