#include "base/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/error.hpp"

namespace syncmanager {

namespace {

using std::chrono::milliseconds;

/// A write to a pipe that nobody reads raises SIGPIPE in the thread that writes. This keeps it from the process, also
/// where main did not ignore the signal, and takes it away again.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;
  ~WithoutSigpipe() {
    constexpr timespec at_once{};
    if (!was_pending_) {
      while (sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

/// The talk with one child: gives the input and takes both outputs as they come, so that neither side waits for the
/// other for ever.
class Talk {
 public:
  Talk(Child& child, std::string_view input, const Interrupt* interrupt, milliseconds silence,
       const OnErrors& on_errors, const OnOutput& on_output)
      : child_(child),
        input_(input),
        interrupt_(interrupt),
        silence_(silence),
        on_errors_(on_errors),
        on_output_(on_output) {
    if (input_.empty()) child_.input.reset();
  }

  /// Waits at most `longest` for the child to say or take something; whether it did, the end of a stream included.
  bool turn(milliseconds longest, Finished& finished) {
    // poll(2) passes over descriptors that are closed, which are -1 here.
    std::array<pollfd, 4> polled = {pollfd{child_.input.get(), POLLOUT, 0}, pollfd{child_.output.get(), POLLIN, 0},
                                    pollfd{child_.errors.get(), POLLIN, 0}, pollfd{fd_of(interrupt_), POLLIN, 0}};
    if (poll(polled.data(), polled.size(), static_cast<int>(longest.count())) <= 0) return false;
    if (polled[3].revents != 0) stop_if(interrupt_);
    if (polled[0].revents != 0) give();
    if (polled[1].revents != 0) {
      take(child_.output, finished.out);
      if (on_output_) on_output_(std::exchange(finished.out, {}));
    }
    if (polled[2].revents != 0) {
      const std::size_t before = finished.err.size();
      take(child_.errors, finished.err);
      const std::string_view piece = std::string_view(finished.err).substr(before);
      if (on_errors_ && !piece.empty()) silence_ = on_errors_(piece);
      if (finished.err.size() > 2 * kept_errors) finished.err.erase(0, finished.err.size() - kept_errors);
    }
    return true;
  }

  /// How long the child may say nothing, by what it has said so far.
  [[nodiscard]] milliseconds silence() const { return silence_; }
  [[nodiscard]] bool over() const { return !child_.output && !child_.errors; }

 private:
  void give() {
    const WithoutSigpipe guard;
    const ssize_t written = write(child_.input.get(), input_.data(), input_.size());
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
    // A child that does not want all of its input is no error; whether it did its work says its exit status.
    input_.remove_prefix(written < 0 ? input_.size() : static_cast<std::size_t>(written));
    if (input_.empty()) child_.input.reset();
  }

  static void take(Fd& from, std::string& to) {
    std::array<char, 65'536> buffer{};
    const ssize_t count = read(from.get(), buffer.data(), buffer.size());
    if (count > 0) to.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) from.reset();
  }

  Child& child_;
  std::string_view input_;
  const Interrupt* interrupt_;
  milliseconds silence_;
  const OnErrors& on_errors_;
  const OnOutput& on_output_;
};

[[noreturn]] void give_up(const Command& command, milliseconds silence) {
  const double seconds = std::chrono::duration<double>(silence).count();
  throw Error(ErrorKind::timeout, fmt::format("{} said nothing for {} s", command.argv.front(), seconds),
              "check the connection, or wait longer with --timeout");
}

}  // namespace

Finished run(const Command& command, std::string_view input, milliseconds silence, const OnErrors& on_errors,
             const OnOutput& on_output) {
  // Something that the child left behind (a daemon) may hold its pipes open: its end is looked for now and then.
  constexpr milliseconds look_after(100);
  Child child(command);
  Talk talk(child, input, command.interrupt, silence, on_errors, on_output);
  Finished finished;
  Deadline deadline = Deadline::after(silence);
  while (!talk.over()) {
    const milliseconds left(deadline.poll_timeout());
    if (talk.turn(std::min(left, look_after), finished)) {
      deadline = Deadline::after(talk.silence());
    } else if (child.ended_within(milliseconds(0))) {
      // It may have said something since the look at its pipes.
      while (talk.turn(milliseconds(0), finished)) continue;
      break;
    } else if (deadline.expired()) {
      give_up(command, talk.silence());
    }
  }
  while (!child.ended_within(std::min(milliseconds(deadline.poll_timeout()), look_after))) {
    stop_if(command.interrupt);
    if (deadline.expired()) give_up(command, talk.silence());
  }
  finished.status = child.wait();
  return finished;
}

}  // namespace syncmanager
