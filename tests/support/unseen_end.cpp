#include "support/unseen_end.hpp"

#include <cerrno>

#include <sys/wait.h>

namespace syncmanager::test {
namespace {

/// The child stands still until poll(2) can only end with EINTR.
void see_the_child_end(int /*signal*/, siginfo_t* sent, void* /*context*/) {
  const int error = errno;
  const auto child = static_cast<id_t>(sent->si_pid);
  siginfo_t info{};
  waitid(P_PID, child, &info, WSTOPPED);
  kill(sent->si_pid, SIGCONT);
  waitid(P_PID, child, &info, WEXITED | WNOWAIT);
  errno = error;
}

}  // namespace

UnseenEnd::UnseenEnd() {
  struct sigaction action {};
  action.sa_sigaction = see_the_child_end;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, &before_);
}

UnseenEnd::~UnseenEnd() {
  sigaction(SIGUSR1, &before_, nullptr);
}

std::string UnseenEnd::script(const std::string& script) {
  return "until grep -q '^State:.S' /proc/$PPID/status; do :; done; kill -USR1 $PPID; kill -STOP $$; " + script;
}

}  // namespace syncmanager::test
