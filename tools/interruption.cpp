#include "interruption.hpp"

#include <array>
#include <csignal>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace syncmanager::tools {

namespace {

/// Those that would end the process: nohup, say, has SIGHUP ignored.
sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) sigaddset(&set, signal);
  }
  return set;
}

void end_by(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  raise(signal);  // held back until it is let through
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

Interruption::Interruption() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);  // in the threads to come, too
  signals_ = Fd(signalfd(-1, &set, SFD_CLOEXEC));
  watcher_ = std::thread([this] { watch(); });
}

Interruption::~Interruption() {
  over_.request();
  watcher_.join();
}

void Interruption::watch() {
  std::array<pollfd, 2> polled = {pollfd{signals_.get(), POLLIN, 0}, pollfd{over_.fd(), POLLIN, 0}};
  while (true) {
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    if (polled[1].revents != 0) return;
    signalfd_siginfo info{};
    if (read(signals_.get(), &info, sizeof info) != sizeof info) continue;
    const auto signal = static_cast<int>(info.ssi_signo);
    if (signal_.exchange(signal) != 0) end_by(signal);
    interrupt_.request();
  }
}

int Interruption::exit_code(int code) const {
  if (const int signal = signal_) end_by(signal);
  return code;
}

}  // namespace syncmanager::tools
