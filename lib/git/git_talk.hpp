// What `git fetch --progress` and `git push --progress` say while they work, on stderr: how far they are, and the words
// of the server's hooks. Pure.
//   remote: Compressing objects: 100% (40/40), done.
//   Receiving objects:  45% (450/1000), 1.20 MiB | 800.00 KiB/s
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/line_buffer.hpp"
#include "model/progress.hpp"

namespace syncmanager::git {

/// The longest line of a server's that is shown.
inline constexpr std::size_t longest_server_line = 500;

/// One line, without its end. Nothing where it does not tell of objects on their way, or of deltas among those that
/// have come: what git counts and compresses moves nothing.
std::optional<Transfer> parse_transfer(std::string_view line);

/// What the server printed for people, a line each, of all that git and hooks here print.
std::string words_of_server(std::string_view errors);

/// The same of the server's words alone, as they come through the sideband of git's protocol.
std::string words_in_sideband(std::string_view sideband);

/// How long git may say nothing, by what it is at. A line that is dead is not told from its silence.
struct Patience {
  std::chrono::milliseconds at_first;  ///< until it tells how far it is: it connects, or a hook works here
  std::chrono::milliseconds moving;    ///< while objects are on their way, of which git tells every second
  std::chrono::milliseconds working;   ///< in between and afterwards: git packs here, or hooks work on the server
};

/// For a server that may be silent for `timeout`. `hooks`: whether one of this computer's may run, such as one that
/// tests or uploads first.
Patience patience_with(std::chrono::milliseconds timeout, bool hooks);

/// Reads stderr piece by piece.
class TransferReader {
 public:
  TransferReader(std::function<void(const Transfer&)> on_transfer, const Patience& patience)
      : on_transfer_(std::move(on_transfer)), patience_(patience), silence_(patience.at_first) {}

  /// How much a server may print for people: nobody waits for the end of it.
  static constexpr std::size_t most_words = std::size_t{64} * 1024 * 1024;

  /// How long git may say nothing from now on. Throws Error(failed) where the server prints too much.
  std::chrono::milliseconds feed(std::string_view piece);

 private:
  void take_line(std::string_view line);

  std::function<void(const Transfer&)> on_transfer_;
  Patience patience_;
  std::chrono::milliseconds silence_;
  std::size_t words_ = 0;   ///< bytes that the server has printed for people
  LineBuffer lines_{1024};  ///< longer ones are not meant here
};

}  // namespace syncmanager::git
