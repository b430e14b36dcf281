// A lock between processes, which remembers where its owner died.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/file.hpp"
#include "base/interrupt.hpp"

namespace syncmanager {

/// An exclusive flock(2) on a file that is never removed; released by the destructor, or by the kernel when the
/// process dies. Children do not inherit it, unless they are given descriptor(): then it lasts until they have died,
/// too. The file holds a line about its owner, and is empty after one that has released it: so the next one knows where
/// the process of an owner has died instead. One thread at a time.
class FileLock {
 public:
  /// Waits at most `wait`; nothing where somebody else still holds it then. `owner` is one line that tells others who
  /// holds the lock. Throws Error(failed) where the file can't be opened, and Error(interrupted).
  static std::optional<FileLock> acquire(const std::filesystem::path& path, const std::string& owner,
                                         std::chrono::milliseconds wait, const Interrupt* interrupt = nullptr);
  FileLock(FileLock&&) = default;
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(abandoned_, other.abandoned_);
    return *this;
  }
  ~FileLock();

  /// For Command::inherited.
  [[nodiscard]] int descriptor() const { return fd_.get(); }

  /// Since when something may be in disorder: when an owner that died took the lock. Nothing where it is known that all
  /// is in order.
  [[nodiscard]] const std::optional<FileTime>& abandoned() const { return abandoned_; }
  /// All is in order again. Without it, the next owner is told as well.
  void settle();
  /// Something is in disorder: the next owner is told as if this one had died.
  void abandon();

  /// The line of the present owner, or of one that died, without control characters.
  static std::string owner(const std::filesystem::path& path);

 private:
  FileLock(Fd fd, std::optional<FileTime> abandoned) : fd_(std::move(fd)), abandoned_(abandoned) {}
  Fd fd_;
  std::optional<FileTime> abandoned_;  ///< also the time of the file
};

}  // namespace syncmanager
