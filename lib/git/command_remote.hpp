// The other side of a repository by the git program, for what libgit2 can't reach or does worse.
#pragma once

#include <chrono>
#include <string>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "git/remote.hpp"

namespace syncmanager::git {

/// How the git program gets to one server. What is borrowed outlives the remote.
struct GitWay {
  const Environment* environment = nullptr;  ///< borrowed
  std::string url;                           ///< as git gets it, without a password
  std::string ssh_command;                   ///< what GIT_SSH_COMMAND shall be; empty: git's own choice
  bool interactive = false;                  ///< ssh and git may ask on the terminal
  std::chrono::milliseconds silence{30'000};
  const Interrupt* interrupt = nullptr;  ///< borrowed; null: none
};

class CommandRemote : public Remote {
 public:
  explicit CommandRemote(GitWay way) : way_(std::move(way)) {}

  Listing list() override;
  Listing fetch(Repository& repository, const std::vector<std::string>& names, const OnTransfer& on_transfer) override;
  std::vector<PushResult> push(Repository& repository, const std::vector<PushedRef>& refs,
                               const OnTransfer& on_transfer, std::string& server_words) override;
  void create(const std::string& head) override;

 private:
  GitWay way_;
};

}  // namespace syncmanager::git
