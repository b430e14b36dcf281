#include "queue/worker_place.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

namespace syncmanager::queue {

namespace {

namespace fs = std::filesystem;

/// git sets many variables for its hooks: an author's date of a rebase, an editor that is none. What stands here a
/// user has set, to reach servers.
bool tells_the_way(std::string_view variable) {
  constexpr std::array<std::string_view, 9> prefixes = {
      "GIT_SSH=",   "GIT_SSH_",           "GIT_SSL_",           "GIT_HTTP_",           "GIT_PROXY_",
      "GIT_ALLOW_", "GIT_CONFIG_GLOBAL=", "GIT_CONFIG_SYSTEM=", "GIT_CONFIG_NOSYSTEM="};
  for (const std::string_view prefix : prefixes) {
    if (variable.starts_with(prefix)) return true;
  }
  return false;
}

void close_all_from(unsigned first) {
  if (close_range(first, ~0U, 0) == 0) return;
  // Linux before 5.9
  rlimit files{};
  constexpr rlim_t enough = 65'536;
  const bool known = getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < enough;
  const auto end = static_cast<int>(known ? files.rlim_cur : enough);
  for (int fd = static_cast<int>(first); fd < end; ++fd) ::close(fd);
}

void take_default_signals() {
  // Who started git may ignore some (nohup), or have blocked them.
  for (int number = 1; number < SIGRTMIN; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// In the child of a child, between fork and exec.
[[noreturn]] void become(const char* program, char* const* argv, char* const* environment) {
  take_default_signals();
  const int null = ::open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (null < 0 || dup2(null, stream) < 0) _exit(127);
  }
  close_all_from(STDERR_FILENO + 1);
  if (chdir("/") == 0) execve(program, argv, environment);
  _exit(127);
}

}  // namespace

fs::path worker_lock(const fs::path& state_folder) {
  return state_folder / "worker.lock";
}

bool is_working(const fs::path& state_folder) {
  const Fd fd(::open(worker_lock(state_folder).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  // Shared, so that hooks that ask at the same time don't take each other for the worker.
  return fd && flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::vector<std::string> worker_environment(const char* const* environment) {
  std::vector<std::string> kept;
  for (; *environment != nullptr; ++environment) {
    const std::string_view variable = *environment;
    if (!variable.starts_with("GIT_") || tells_the_way(variable)) kept.emplace_back(variable);
  }
  return kept;
}

bool start_detached(const fs::path& program, const std::vector<std::string>& environment) {
  if (access(program.c_str(), X_OK) != 0) return false;
  std::string name = program.string();
  std::array<char*, 2> argv = {name.data(), nullptr};
  std::vector<char*> variables;
  for (const std::string& variable : environment) variables.push_back(const_cast<char*>(variable.c_str()));
  variables.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    // Once more, so that it is nobody's child, and no terminal can become its own.
    const pid_t worker = fork();
    if (worker == 0) become(name.c_str(), argv.data(), variables.data());
    _exit(worker < 0 ? 1 : 0);
  }
  if (child < 0) return false;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return true;  // who started us takes no notice of children: it runs all the same
  }
  if (status != 0) errno = EAGAIN;
  return status == 0;
}

void wake_worker(const fs::path& program, const fs::path& state_folder, const char* const* environment) {
  if (is_working(state_folder) || start_detached(program, worker_environment(environment))) return;
  throw Error(ErrorKind::failed, "cannot start " + program.string() + ": " + std::generic_category().message(errno));
}

}  // namespace syncmanager::queue
