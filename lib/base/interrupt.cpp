#include "base/interrupt.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.hpp"

namespace syncmanager {

Interrupt::Interrupt() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_) throw Error(ErrorKind::failed, "cannot watch for Ctrl-C: " + std::generic_category().message(errno));
}

void Interrupt::request() const noexcept {
  const int error = errno;  // a signal handler must not change it for the code that it came upon
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(fd_.get(), &one, sizeof one);  // full means requested before
  errno = error;
}

bool Interrupt::requested() const noexcept {
  pollfd polled{fd_.get(), POLLIN, 0};
  return poll(&polled, 1, 0) > 0;
}

void stop_if(const Interrupt* interrupt) {
  if (interrupt != nullptr && interrupt->requested()) throw Error(ErrorKind::interrupted, "interrupted");
}

}  // namespace syncmanager
