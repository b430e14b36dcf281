// What makes sync-now run by the clock, as text: systemd's units for a user, and the line for those who have cron. A
// unit file tells by itself whether somebody has changed it. No file is read or written here.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace syncmanager::hooks {

/// A unit of systemd.
struct Unit {
  std::string name;  ///< "sync-now.timer"
  std::string text;
};

/// The service that runs the program at this absolute path. Throws Error(failed) where systemd can't start a program
/// there: it takes no quotes, backslashes and control characters in its path.
Unit service_unit(const std::filesystem::path& sync_now);

/// The timer that starts the service.
Unit timer_unit();

/// Whether the text of a unit file is one of these, of this version or of another and for whatever path, and nobody has
/// changed it since.
bool is_unchanged(std::string_view text);

/// The line for crontab(5) that does the same.
std::string cron_line(const std::filesystem::path& sync_now);

}  // namespace syncmanager::hooks
