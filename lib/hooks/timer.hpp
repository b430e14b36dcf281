// Runs sync-now by the clock, for this user: installs, removes and looks at systemd's timer. Where systemd does not run
// here, nothing is written, and the line for cron is told. Programs are started through base/process.hpp only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/api.hpp"
#include "base/environment.hpp"

namespace syncmanager::hooks {

struct TimerRequest {
  std::filesystem::path sync_now;  ///< absolute: what is run
  std::string systemctl = "systemctl";
  std::filesystem::path booted = "/run/systemd/system";  ///< a folder where systemd runs the system, see sd_booted(3)
};

enum class TimerState {
  on,          ///< it comes now, and after each login
  off,         ///< it does not, or only until the next logout
  untold,      ///< this user's systemd could not be reached, or said no; TimerReport::words says why
  no_systemd,  ///< TimerReport::cron_line is for this computer
};

struct TimerReport {
  TimerState state = TimerState::no_systemd;
  std::vector<std::filesystem::path> changed;  ///< the unit files that were written, or removed
  std::vector<std::filesystem::path> kept;     ///< those that stand in their place and are somebody's own: untouched
  std::string words;                           ///< systemd's, as they came
  std::string next;       ///< when it comes next, as systemd writes it; empty where that is unknown
  std::string cron_line;  ///< for crontab(5), in place of the timer
};

/// Writes both units to $XDG_CONFIG_HOME/systemd/user and starts the timer. Again, with nothing to change, it writes
/// nothing. Throws Error(failed) where a file can't be written, or systemd can't start a program at this path.
SYNCMANAGER_API TimerReport install_timer(const TimerRequest& request, const Environment& environment);

/// Stops the timer and removes both units, unless somebody has changed them. Throws Error(failed) where a file can't be
/// removed.
SYNCMANAGER_API TimerReport uninstall_timer(const TimerRequest& request, const Environment& environment);

/// Changes nothing.
SYNCMANAGER_API TimerReport timer_status(const TimerRequest& request, const Environment& environment);

}  // namespace syncmanager::hooks
