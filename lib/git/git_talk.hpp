// What `git fetch --progress` and `git push --progress` say while they work, on stderr: how far they are, and the words
// of the server's hooks. Pure.
//   remote: Compressing objects: 100% (40/40), done.
//   Receiving objects:  45% (450/1000), 1.20 MiB | 800.00 KiB/s
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/progress.hpp"

namespace syncmanager::git {

/// One line, without its end. Nothing where it does not tell of objects on their way: what git counts, compresses and
/// resolves moves nothing.
std::optional<Transfer> parse_transfer(std::string_view line);

/// What the server printed for people, a line each, of all that git and hooks here print.
std::string words_of_server(std::string_view errors);

/// The same of the server's words alone, as they come through the sideband of git's protocol.
std::string words_in_sideband(std::string_view sideband);

/// Reads stderr piece by piece.
class TransferReader {
 public:
  explicit TransferReader(std::function<void(const Transfer&)> on_transfer) : on_transfer_(std::move(on_transfer)) {}

  void feed(std::string_view piece);

 private:
  std::function<void(const Transfer&)> on_transfer_;
  std::string rest_;  ///< the beginning of a line whose end has not come yet
};

}  // namespace syncmanager::git
