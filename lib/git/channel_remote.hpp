// A server that runs git's commands for us: ssh, or a folder of this computer. Over channels of our own connection
// libgit2 fetches, and receive_pack.hpp pushes; what only git itself can do is left to a child.
#pragma once

#include <memory>
#include <string>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "git/receive_pack.hpp"
#include "git/remote.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

class ChannelRemote : public Remote {
 public:
  /// `path` is the repository as the other side's git gets it. `by_git` goes the same way by the git program. All but
  /// these two is borrowed; no interrupt: null.
  ChannelRemote(ssh::Connection& connection, std::string path, const Environment& environment,
                const Interrupt* interrupt, std::unique_ptr<Remote> by_git);

  Listing list() override;
  Listing list_to_push() override;
  Fetched fetch(Repository& repository, const std::vector<std::string>& names, const OnTransfer& on_transfer) override;
  Listing fetch_whole(Repository& repository, const std::vector<std::string>& names,
                      const OnTransfer& on_transfer) override;
  std::vector<PushResult> push(Repository& repository, const std::vector<PushedRef>& refs,
                               const OnTransfer& on_transfer, std::string& server_words) override;
  ///   git init --quiet --bare --initial-branch='main' -- '/srv/git/notes.git'
  void create(const std::string& head) override;

 private:
  ssh::Connection& connection_;
  std::string path_;
  const Environment& environment_;
  const Interrupt* interrupt_;
  std::unique_ptr<Remote> by_git_;
  std::unique_ptr<ReceivePack> conversation_;  ///< of list_to_push()
};

}  // namespace syncmanager::git
