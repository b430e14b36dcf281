// The other side of one repository, whatever the way to it: what it has, objects that come from there, refs that move
// there. The one seam between the steps of a sync and git's transports.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "git/listing.hpp"
#include "git/repository.hpp"
#include "model/progress.hpp"

namespace syncmanager::git {

/// Called while it goes on; what it throws ends the transfer.
using OnTransfer = std::function<void(const Transfer&)>;

/// One ref of the server to create, to move or to delete.
struct PushedRef {
  std::string name;         ///< full
  std::optional<Oid> from;  ///< what the server must still have; nothing: the ref must not exist there
  std::optional<Oid> to;    ///< nothing: the ref shall not exist there any more
};

enum class Pushed {
  yes,
  rejected,   ///< by the server: its words are in `message`
  held_back,  ///< by this computer's pre-push hook: its words are in `message`
  stale,      ///< the server's ref is not where it was seen
  untold,     ///< the server did not say what became of it; why, is in `message`
};

struct PushResult {
  Pushed pushed = Pushed::untold;
  std::string message;
};

/// What a transfer needs of this computer. Borrowed.
struct LocalSide {
  const Environment& environment;
  Repository& repository;
  const Interrupt* interrupt;  ///< null: none
};

/// Whether what has come leads to nothing that lacks.
enum class Completeness {
  unknown,   ///< nobody has looked
  complete,  ///< nothing lacks
  holes,     ///< something does, and nothing of it has been kept
};

/// What a fetch has come to.
struct Fetched {
  Listing listing;  ///< what the server has by now
  Completeness completeness = Completeness::unknown;
};

/// One thread. Every call may throw Error(offline | auth | failed | interrupted).
class Remote {
 public:
  virtual ~Remote() = default;

  /// What the server has now. A repository that is not there is an Error(failed).
  virtual Listing list() = 0;

  /// As list(), but asked in a way that the next push() goes on with, where there is one: it costs no more than the
  /// push alone. Which branch HEAD names may not be told.
  virtual Listing list_to_push() = 0;

  /// Downloads the commits and tags that `names` (full refs) point to on the server, as far as they lack here. Moves
  /// nothing.
  virtual Fetched fetch(Repository& repository, const std::vector<std::string>& names,
                        const OnTransfer& on_transfer) = 0;

  /// As fetch(), where a commit that is here already may lack a part of what it leads to: that is asked for again.
  /// Returns what the server has by now. Throws Error(failed) where the server does not send all of it.
  virtual Listing fetch_whole(Repository& repository, const std::vector<std::string>& names,
                              const OnTransfer& on_transfer) = 0;

  /// Moves the server's refs, each only from where it was seen. Results in the order of `refs`; what the server prints
  /// is appended to `server_words`. Throws where nothing at all could be pushed.
  virtual std::vector<PushResult> push(Repository& repository, const std::vector<PushedRef>& refs,
                                       const OnTransfer& on_transfer, std::string& server_words) = 0;

  /// Makes the repository there, bare, with HEAD on the branch `head`; empty: git's default.
  virtual void create(const std::string& head) = 0;
};

}  // namespace syncmanager::git
