// What a server has: all branches and tags of many repositories in one round trip, by one `sh` that runs
// `git for-each-ref` for each of them. Pure but for list(): the command and the reader of its answer are tested apart.
//
// The command, for two repositories:
//   exec sh -c '…' sh '/srv/git/notes.git' '~/blog'
// Its answer:
//   syncmanager listing 1
//   repository ref: refs/heads/main
//   8f0c… refs/heads/main
//   end 0
//   missing
//   bye
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "git/refs.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::git {

struct Listing {
  enum class State {
    found,
    missing,    ///< nothing stands at this path
    uncertain,  ///< something stands there that the command can't read; ask git itself (advertisement)
    failed,     ///< git failed there: `problem`
  };
  State state = State::failed;
  std::string problem;
  std::string head;  ///< the branch that the server's HEAD names, without refs/heads/; empty where it is none
  RefMap branches;
  RefMap tags;
};

/// How many bytes of paths one command takes; a longer list is asked in several commands. libssh2 sends a command in
/// one packet of at most 35,000 bytes.
inline constexpr std::size_t listing_bytes = 24'000;

/// The command for these paths. `~/` at a path's start means the home folder there; every path is quoted.
std::string listing_command(const std::vector<std::string>& paths);

/// Reads the answer piece by piece. Whatever a login shell prints before the greeting is passed over.
class ListingReader {
 public:
  using Done = std::function<void(std::size_t, Listing&&)>;

  /// `done` is called with the place in the list of each repository whose answer is complete.
  ListingReader(std::size_t repositories, Done done) : repositories_(repositories), done_(std::move(done)) {}

  /// Throws Error(failed) for an answer that breaks the form above.
  void feed(std::string_view piece);

  /// Whether the greeting came: else the server has no shell for us.
  [[nodiscard]] bool greeted() const { return greeted_; }
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  void take_line(std::string_view line);
  void take_ref(std::string_view line);
  void finish();

  std::size_t repositories_;
  Done done_;
  std::string rest_;  ///< the beginning of a line whose end has not come yet
  bool greeted_ = false;
  bool complete_ = false;
  bool inside_ = false;
  std::size_t next_ = 0;
  Listing current_;
};

enum class ListResult { complete, no_shell };

/// Asks one server for all of `paths` (of at most listing_bytes in all) and calls `done` for each as it comes.
/// Throws Error(offline | auth | failed).
ListResult list(ssh::Connection& connection, const std::vector<std::string>& paths, const ListingReader::Done& done);

}  // namespace syncmanager::git
