// The durable queue: a folder with a file for each token. Hooks add files, and whoever has synced removes exactly those
// that were there before: so nothing is forgotten, whoever dies when.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/api.hpp"
#include "queue/token.hpp"

namespace syncmanager::queue {

/// One file of the queue.
struct Entry {
  std::string name;  ///< of the file
  /// Nothing where the file tells nothing (a loss of power): then it may stand for any repository.
  std::optional<Token> token;
};

/// `queue` in the state folder.
SYNCMANAGER_API std::filesystem::path queue_folder(const std::filesystem::path& state_folder);

/// Makes the folder where it is missing. The file is there whole or not at all; it is left to the kernel when that
/// reaches the disk, as git leaves it with commits, and to flush(). Throws Error(failed).
void add(const std::filesystem::path& folder, const Token& token);

/// In the order of their making; nothing where there is no such folder. What is no plain file is passed over. Throws
/// Error(failed).
SYNCMANAGER_API std::vector<Entry> waiting(const std::filesystem::path& folder);

/// Has the entries on the disk. What can't be flushed is left as it is.
void flush(const std::filesystem::path& folder, std::span<const std::string> names);

/// Those that are gone already are no error. Throws Error(failed).
void drop(const std::filesystem::path& folder, std::span<const std::string> names);

}  // namespace syncmanager::queue
