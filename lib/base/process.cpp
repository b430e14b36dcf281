#include "base/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/error.hpp"

namespace syncmanager {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_goodbye(2000);  // from SIGTERM to SIGKILL

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void fail(const Command& command, int error) {
  const std::string& program = command.argv.front();
  if (!command.folder.empty() && access(command.folder.c_str(), X_OK) != 0) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot run {} in {}: {}", program, command.folder.string(), reason_of(errno)));
  }
  // The search in PATH says EACCES where one of its folders is closed to us, whether or not the program is there.
  const bool searched = program.find('/') == std::string::npos;
  if (error == ENOENT || (error == EACCES && searched)) {
    throw Error(ErrorKind::failed, fmt::format("cannot run {}: no such program", program),
                fmt::format("install {}, or put its folder into PATH", program));
  }
  throw Error(ErrorKind::failed, fmt::format("cannot run {}: {}", program, reason_of(error)));
}

struct Pipe {
  Fd read_end;
  Fd write_end;
};

/// Not one of the numbers 0 to 2, which the child gets its streams at, even where this process began without them.
Fd above_standard_streams(Fd fd, const Command& command) {
  if (fd.get() > STDERR_FILENO) return fd;
  Fd above(fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!above) fail(command, errno);
  return above;
}

Pipe make_pipe(const Command& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(command, errno);
  Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  return {above_standard_streams(std::move(read_end), command), above_standard_streams(std::move(write_end), command)};
}

/// What posix_spawn is to do between fork and exec.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  int streams(const Fd& input, const Fd& output, const Fd& errors) {
    return first_error({posix_spawn_file_actions_adddup2(&actions_, input.get(), STDIN_FILENO),
                        posix_spawn_file_actions_adddup2(&actions_, output.get(), STDOUT_FILENO),
                        posix_spawn_file_actions_adddup2(&actions_, errors.get(), STDERR_FILENO)});
  }

  /// A descriptor that is duplicated to its own number loses its close-on-exec flag (posix_spawn(3)).
  int inherited(int fd) { return fd < 0 ? 0 : posix_spawn_file_actions_adddup2(&actions_, fd, fd); }

  int folder(const std::filesystem::path& folder) {
    return folder.empty() ? 0 : posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
  }

  /// The signals that a tool ignores or handles are as usual in the child. SIGHUP stays: nohup ignores it on purpose.
  int process(bool own_group) {
    sigset_t usual;
    sigset_t blocked;
    sigemptyset(&usual);
    sigemptyset(&blocked);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGQUIT, SIGCHLD}) sigaddset(&usual, signal);
    const int group = own_group ? POSIX_SPAWN_SETPGROUP : 0;
    const auto flags = static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group);
    return first_error({posix_spawnattr_setsigdefault(&attributes_, &usual),
                        posix_spawnattr_setsigmask(&attributes_, &blocked),
                        posix_spawnattr_setpgroup(&attributes_, 0),  // 0: a new one
                        posix_spawnattr_setflags(&attributes_, flags)});
  }

  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  static int first_error(std::initializer_list<int> errors) {
    const auto* const error = std::ranges::find_if(errors, [](int code) { return code != 0; });
    return error == errors.end() ? 0 : *error;
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// As execve(2) takes them; the strings stay the caller's.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (std::string& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

int shell_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

std::size_t size_of_arguments(std::span<const std::string> arguments) {
  std::size_t size = 0;
  for (const std::string& argument : arguments) size += argument.size() + 1 + sizeof(char*);
  return size;
}

std::size_t room_for_arguments(const std::vector<std::string>& environment) {
  constexpr std::size_t least = 128 * 1024;  // what Linux always grants
  constexpr std::size_t most = 1024 * 1024;  // without a limit of the stack, the limit of Linux is told too high
  constexpr std::size_t others = 8 * 1024;   // the program's name, and what the kernel adds
  const long limit = sysconf(_SC_ARG_MAX);
  const std::size_t all = limit < 0 ? least : std::clamp(static_cast<std::size_t>(limit), least, most);
  const std::size_t taken = size_of_arguments(environment) + others;
  return taken < all ? all - taken : 0;
}

Child::Child(const Command& command) : own_group_(command.own_group) {
  Pipe in = make_pipe(command);
  Pipe out = make_pipe(command);
  Pipe err = make_pipe(command);
  SpawnSettings settings;
  int error = settings.streams(in.read_end, out.write_end, err.write_end);
  if (error == 0) error = settings.inherited(command.inherited);
  if (error == 0) error = settings.folder(command.folder);
  if (error == 0) error = settings.process(own_group_);

  std::vector<std::string> argv = command.argv;
  std::vector<std::string> environment = command.environment;
  if (error == 0) {
    error = posix_spawnp(&pid_, argv.front().c_str(), settings.actions(), settings.attributes(), pointers(argv).data(),
                         pointers(environment).data());
  }
  if (error != 0) {
    pid_ = -1;
    fail(command, error);
  }
  input = std::move(in.write_end);
  output = std::move(out.read_end);
  errors = std::move(err.read_end);
  for (const Fd* stream : {&input, &output, &errors}) set_non_blocking(*stream);
}

Child::~Child() {
  input.reset();
  output.reset();
  errors.reset();
  end();
}

int Child::wait() {
  int status = 0;
  while (pid_ > 0) {
    const pid_t reaped = waitpid(pid_, &status, 0);
    if (reaped < 0 && errno == EINTR) continue;
    // Nothing to wait for means that somebody ignores SIGCHLD: the child has ended, but how is not known.
    status_ = reaped < 0 ? 128 : shell_status(status);
    pid_ = -1;
  }
  return status_;
}

int Child::wait(milliseconds longest) {
  if (!ended_within(longest)) end();
  return status_;
}

bool Child::ended_within(milliseconds longest) {
  const Deadline deadline = Deadline::after(longest);
  std::chrono::microseconds pause(100);
  while (pid_ > 0) {
    siginfo_t info{};
    const int result = waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    if (result != 0 ? errno != EINTR : info.si_pid == pid_) {
      wait();
    } else if (deadline.expired()) {
      return false;
    } else {
      std::this_thread::sleep_for(pause);
      pause = std::min<std::chrono::microseconds>(2 * pause, milliseconds(10));
    }
  }
  return true;
}

void Child::end() {
  if (pid_ <= 0) return;
  const pid_t target = own_group_ ? -pid_ : pid_;
  kill(target, SIGTERM);
  if (ended_within(longest_goodbye)) return;
  kill(target, SIGKILL);
  wait();
}

}  // namespace syncmanager
