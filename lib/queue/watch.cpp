#include "queue/watch.hpp"

#include <algorithm>
#include <array>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace syncmanager::queue {

Watch::Watch(const std::filesystem::path& folder) {
  make_private_folder(folder.parent_path());
  make_private_folder(folder);
  events_ = Fd(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (events_ && inotify_add_watch(events_.get(), folder.c_str(), IN_MOVED_TO) < 0) events_.reset();
}

void Watch::wait(std::chrono::milliseconds longest, const Interrupt* interrupt) {
  constexpr std::chrono::milliseconds blind(2000);
  constexpr std::chrono::milliseconds most(24 * 60 * 60 * 1000);  // poll() counts with int
  const auto time = std::clamp(events_ ? longest : std::min(longest, blind), std::chrono::milliseconds(0), most);
  std::array<pollfd, 2> polled = {{{events_.get(), POLLIN, 0}, {fd_of(interrupt), POLLIN, 0}}};
  poll(polled.data(), polled.size(), static_cast<int>(time.count()));
  stop_if(interrupt);
  std::array<char, 4096> told{};  // what came is seen in the folder
  while (events_ && read(events_.get(), told.data(), told.size()) > 0) continue;
}

}  // namespace syncmanager::queue
