// Files as the project uses them: descriptors that close themselves, whole-file reads, atomic replacement.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/api.hpp"

namespace syncmanager {

/// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  SYNCMANAGER_API void reset() noexcept;

 private:
  int fd_ = -1;
};

/// Calls on it return from now on instead of waiting, whoever else has it.
void set_non_blocking(const Fd& fd);

/// As file systems tell when a file was made or written.
using FileTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// The whole file, or nothing where there is no such file. Throws Error(failed) on any other failure.
SYNCMANAGER_API std::optional<std::string> read_file(const std::filesystem::path& path);

/// Whether what is written is on the disk when the call returns. `no` is for what may be lost: a machine that loses
/// power may be left with the old content, or with an empty file.
enum class Flush { yes, no };

/// Adds a line, which ends with a line feed, to a file that others may add to at the same time; puts a line feed before
/// it where the file does not end with one. `mode` is for a file that does not exist yet. Throws Error(failed).
void append_line(const std::filesystem::path& path, std::string_view line, unsigned mode, Flush flush = Flush::yes);

/// Makes the folder, and those above it that are missing, with mode 0700; a folder that is there gets this mode too.
/// Throws Error(failed) where it can't, or where the folder, or a symbolic link in its place, is somebody else's.
SYNCMANAGER_API void make_private_folder(const std::filesystem::path& folder);

/// Replaces a file whole or not at all: write(), then commit(). A reader, or a machine that loses power, sees the old
/// content or the new one. Follows a symbolic link at `path`, and keeps the mode of the file that it replaces.
/// Without commit() the destructor removes what was written.
class AtomicFile {
 public:
  /// `mode` is for a file that does not exist yet. Throws Error(failed).
  explicit AtomicFile(const std::filesystem::path& path, unsigned mode = 0666);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view data);
  /// fsync, rename, fsync of the folder. Throws Error(failed); then the old file is untouched, unless only the last
  /// step failed: then the new one is there, but may not outlive a loss of power.
  void commit(Flush flush = Flush::yes);

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  Fd fd_;
};

}  // namespace syncmanager
