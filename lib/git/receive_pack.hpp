// A push in git's own protocol, over a channel of our own connection (gitprotocol-pack(5), "Pushing Data To a Server").
//
//   git-receive-pack '/srv/git/notes.git'
// which first says what its repository has, then takes what shall move from where to where, and the objects for it; and
// says in the end what became of it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "git/advertisement.hpp"
#include "git/push_report.hpp"
#include "git/remote.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

/// One conversation, for one push. One thread; the connection outlives it.
class ReceivePack {
 public:
  /// Starts the command and waits for what the repository has. Throws Error(offline | auth | failed), with the server's
  /// words.
  ReceivePack(ssh::Connection& connection, const std::string& path);
  /// Says goodbye where nothing was pushed.
  ~ReceivePack();
  ReceivePack(const ReceivePack&) = delete;
  ReceivePack& operator=(const ReceivePack&) = delete;

  /// All refs that may be pushed; which branch HEAD names is not told.
  [[nodiscard]] const Listing& listing() const { return listing_; }

  /// As Remote::push(), once. The server compares where its refs are as well, at the moment when it moves them.
  std::vector<PushResult> push(const LocalSide& side, const std::vector<PushedRef>& refs, const OnTransfer& on_transfer,
                               std::string& server_words);

 private:
  [[nodiscard]] bool is_stale(const PushedRef& ref) const;
  void send_commands(const std::vector<PushedRef>& refs);
  /// The error with which the server stopped to read; it may say why.
  std::optional<Error> send_pack(const LocalSide& side, const std::vector<PushedRef>& refs,
                                 const OnTransfer& on_transfer);
  Error failure(const PushReport& report, const std::optional<Error>& unwanted);

  std::string path_;
  std::unique_ptr<ssh::Channel> channel_;
  AdvertisementReader advertised_;
  Listing listing_;
  bool ended_ = false;
};

}  // namespace syncmanager::git
