#include "console.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/write.hpp"
#include "ui/messages.hpp"

namespace syncmanager::tools {

namespace {

/// A standard stream that the caller closed must not become the number of a file that is opened later. Its stand-in is
/// open the wrong way round, so that using it fails.
void occupy_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is the one that is missing.
    if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

/// Each project of a batch holds a lock, and each server has connections: many systems allow few files until asked.
void allow_many_files() {
  constexpr rlim_t enough = 16'384;  // some programs that are our children walk through all that they might have open
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = std::max(files.rlim_cur, std::min(files.rlim_max, enough));
  setrlimit(RLIMIT_NOFILE, &files);
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failed: return 1;
    case ErrorKind::usage: return 2;
    case ErrorKind::offline:
    case ErrorKind::timeout: return 4;
    case ErrorKind::auth: return 5;
    case ErrorKind::locked: return 6;
    case ErrorKind::interrupted: return 130;
  }
  return 1;
}

}  // namespace

void print(std::string_view text) {
  if (write_all(STDOUT_FILENO, text)) return;
  throw Error(ErrorKind::failed, "write the result to standard output: " + std::generic_category().message(errno));
}

void complain(std::string_view text) noexcept {
  write_all(STDERR_FILENO, text);
}

int guarded(std::string_view tool, const std::function<int()>& work) noexcept {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);  // who started us may ignore it: then no child's exit status would reach us
  occupy_standard_streams();
  allow_many_files();
  try {
    return work();
  } catch (const Error& error) {
    complain(ui::message_lines(tool, error.what(), error.hint()));
    return exit_code_of(error.kind());
  } catch (const std::exception& error) {
    complain(ui::message_lines(tool, error.what()));
    return 1;
  }
}

}  // namespace syncmanager::tools
