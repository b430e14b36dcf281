#include "base/file_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/write.hpp"

namespace syncmanager {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_to(const std::string& act, const fs::path& path) {
  throw Error(ErrorKind::failed, "cannot " + act + " " + path.string() + ": " + std::generic_category().message(errno));
}

bool try_lock(int fd, const fs::path& path) {
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) fail_to("lock", path);
  }
  return true;
}

/// The time of what an owner has left that did not release the lock.
std::optional<FileTime> left_since(int fd) {
  struct stat file {};
  if (fstat(fd, &file) != 0 || file.st_size == 0) return std::nullopt;
  return FileTime(std::chrono::seconds(file.st_mtim.tv_sec) + std::chrono::nanoseconds(file.st_mtim.tv_nsec));
}

void set_time(int fd, FileTime time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const timespec modified{.tv_sec = seconds.count(), .tv_nsec = (since - seconds).count()};
  const std::array<timespec, 2> times = {timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, modified};
  futimens(fd, times.data());
}

}  // namespace

std::optional<FileLock> FileLock::acquire(const fs::path& path, const std::string& owner,
                                          std::chrono::milliseconds wait, const Interrupt* interrupt) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) fail_to("open the lock", path);
  const Deadline deadline = Deadline::after(wait);
  constexpr int longest_pause = 50;
  for (int pause = 1; !try_lock(fd.get(), path); pause = std::min(2 * pause, longest_pause)) {
    if (deadline.expired()) return std::nullopt;
    pollfd polled{fd_of(interrupt), POLLIN, 0};
    poll(&polled, 1, std::min(pause, deadline.poll_timeout()));
    stop_if(interrupt);
  }
  const auto abandoned = left_since(fd.get());
  // The line helps people, and whoever comes after a death; where it can't be written (a full disk) the lock holds all
  // the same.
  if (ftruncate(fd.get(), 0) == 0) write_all(fd.get(), owner + '\n');
  if (abandoned) set_time(fd.get(), *abandoned);
  return FileLock(std::move(fd), abandoned);
}

FileLock::~FileLock() {
  if (!fd_ || abandoned_) return;
  [[maybe_unused]] const int emptied = ftruncate(fd_.get(), 0);  // else the next owner looks in vain
}

void FileLock::settle() {
  if (!abandoned_) return;
  abandoned_.reset();
  futimens(fd_.get(), nullptr);
}

void FileLock::abandon() {
  if (!abandoned_) abandoned_ = left_since(fd_.get());
}

std::string FileLock::owner(const fs::path& path) {
  std::string line = read_file(path).value_or("");
  line.resize(std::min(line.find('\n'), line.size()));
  std::erase_if(line, [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; });
  return line;
}

}  // namespace syncmanager
