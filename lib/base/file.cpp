#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/write.hpp"

namespace syncmanager {

namespace {

namespace fs = std::filesystem;

/// `act` is the verb of the sentence; the reason is errno's.
[[noreturn]] void fail(std::string_view act, const fs::path& path) {
  const std::string reason = std::generic_category().message(errno);
  throw Error(ErrorKind::failed, fmt::format("cannot {} {}: {}", act, path.string(), reason));
}

/// Where a chain of symbolic links ends, whether or not anything is there.
fs::path follow_links(fs::path path) {
  constexpr int longest_chain = 40;  // as the kernel has it
  std::error_code ignored;           // what is no link, or can't be read, is met again when it is opened
  for (int i = 0; fs::is_symlink(fs::symlink_status(path, ignored)); ++i) {
    if (i == longest_chain) {
      errno = ELOOP;
      fail("follow", path);
    }
    path = path.parent_path() / fs::read_symlink(path, ignored);
  }
  return path;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string random_suffix() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

void make_folders(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return;
  const fs::path parent = folder_of(folder);
  if (errno != ENOENT || parent == folder) fail("make", folder);
  make_folders(parent);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) fail("make", folder);
}

void refuse_foreign(const struct stat& found, const fs::path& folder) {
  if (found.st_uid == geteuid()) return;
  throw Error(ErrorKind::failed, fmt::format("cannot use {}: it belongs to another user", folder.string()),
              "run as the user it belongs to, or remove it");
}

}  // namespace

void set_non_blocking(const Fd& fd) {
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

void Fd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::optional<std::string> read_file(const fs::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail("read", path);
  }
  std::string content;
  std::array<char, 16'384> buffer{};
  while (true) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count == 0) return content;
    if (count > 0) {
      content.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      fail("read", path);
    }
  }
}

void append_line(const fs::path& path, std::string_view line, unsigned mode, Flush flush) {
  const Fd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, mode));
  struct stat found {};
  if (!fd || fstat(fd.get(), &found) != 0) fail("open", path);
  char last = '\n';
  if (found.st_size > 0 && pread(fd.get(), &last, 1, found.st_size - 1) < 0) fail("read", path);
  // By one write(2), so that the line stays whole beside those of others.
  const bool written = write_all(fd.get(), (last == '\n' ? "" : "\n") + std::string(line));
  if (!written || (flush == Flush::yes && fsync(fd.get()) != 0)) fail("write", path);
}

void make_private_folder(const fs::path& folder) {
  // A slash at the end would make lstat follow a link.
  const fs::path path = folder.has_filename() ? folder : folder.parent_path();
  make_folders(path);
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) fail("look at", path);
  refuse_foreign(found, path);
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || fstat(fd.get(), &found) != 0) fail("open", path);
  refuse_foreign(found, path);
  if ((found.st_mode & 0077U) != 0 && fchmod(fd.get(), 0700) != 0) fail("protect", path);
}

AtomicFile::AtomicFile(const fs::path& path, unsigned mode) : path_(follow_links(path)) {
  struct stat replaced {};
  const bool exists = stat(path_.c_str(), &replaced) == 0;
  fs::path temporary = path_;
  temporary += ".tmp-" + random_suffix();
  fd_ = Fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, exists ? 0600U : mode));
  if (!fd_) fail("write", path_);
  if (exists && fchmod(fd_.get(), replaced.st_mode & 07777U) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    errno = reason;
    fail("keep the mode of", path_);
  }
  temporary_ = temporary;
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view data) {
  if (!write_all(fd_.get(), data)) fail("write", path_);
}

void AtomicFile::commit(Flush flush) {
  const Fd folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) fail("open the folder of", path_);
  if (flush == Flush::yes && fsync(fd_.get()) != 0) fail("write", path_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("replace", path_);
  temporary_.clear();
  fd_.reset();
  if (flush == Flush::no) return;
  // Some file systems cannot flush a folder and say EINVAL; there is nothing more to be done for the file there.
  if (fsync(folder.get()) != 0 && errno != EINVAL) fail("flush the folder of", path_);
}

}  // namespace syncmanager
