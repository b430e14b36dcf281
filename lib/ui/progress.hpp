// Progress of a run for people, on stderr. Who calls it and from where: model/progress.hpp.
#pragma once

#include <chrono>
#include <memory>

#include "base/api.hpp"
#include "model/progress.hpp"

namespace syncmanager::ui {

struct Timing {
  std::chrono::milliseconds grace{1000};    ///< a run that is over by then draws nothing
  std::chrono::milliseconds interval{100};  ///< between two drawings
};

/// For logs, pipes, --quiet and --no-progress: prints nothing but notes, a line each, and those only where `verbose`.
/// `fd` is borrowed.
SYNCMANAGER_API std::unique_ptr<Progress> plain_progress(int fd, bool verbose);

/// Lines that a thread of its own redraws in place on the terminal `fd`, which is borrowed; the callbacks never wait
/// for the terminal. While somebody types a passphrase there, and while the process is in the background, it draws
/// nothing. The destructor removes what was drawn. Notes stay where they were printed, if `verbose`.
SYNCMANAGER_API std::unique_ptr<Progress> terminal_progress(int fd, bool verbose, Timing timing = {});

}  // namespace syncmanager::ui
