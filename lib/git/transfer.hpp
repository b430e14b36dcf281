// Objects and refs between one repository and its server. fetch() brings objects and moves no ref; push() moves the
// server's refs, each only from where it was seen. Both run git's own protocol over the connection.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "git/listing.hpp"
#include "git/repository.hpp"
#include "model/progress.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

using OnTransfer = std::function<void(const Transfer&)>;

/// What the server of `path` has, by the advertisement of git-upload-pack: for servers without a shell. State missing
/// is not told apart from failed.
Listing advertised(ssh::Connection& connection, const std::string& path);

/// Downloads the commits and tags that `names` (full refs) point to on the server, as far as they lack here, and
/// returns what the server has by now. Moves nothing. Throws Error(offline | auth | failed).
Listing fetch(Repository& repository, ssh::Connection& connection, const std::string& path,
              const std::vector<std::string>& names, const OnTransfer& on_transfer);

/// One ref of the server to create or to move forward.
struct PushedRef {
  std::string name;         ///< full
  std::optional<Oid> from;  ///< what the server must still have; nothing: the ref must not exist there
  Oid to;
};

enum class Pushed {
  yes,
  rejected,  ///< by the server: its words are in `message`
  stale,     ///< the server's ref is not where it was seen
};

struct PushResult {
  Pushed pushed = Pushed::rejected;
  std::string message;
};

/// Results in the order of `refs`. What the server prints is appended to `server_words`.
/// Throws Error(offline | auth | failed) where nothing at all could be pushed.
std::vector<PushResult> push(Repository& repository, ssh::Connection& connection, const std::string& path,
                             const std::vector<PushedRef>& refs, const OnTransfer& on_transfer,
                             std::string& server_words);

}  // namespace syncmanager::git
