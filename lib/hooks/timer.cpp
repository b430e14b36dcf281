#include "hooks/timer.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "hooks/timer_units.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

constexpr const char* timer_name = "sync-now.timer";
constexpr std::chrono::minutes systemd_patience(2);  // systemctl itself gives up, and says so, after 25 s

fs::path folder_of_units(const Environment& environment) {
  return environment.config_home / "systemd/user";
}

/// After `su`, the variable is missing by which systemctl finds this user's systemd.
std::vector<std::string> variables_with_runtime_folder(const Environment& environment) {
  std::vector<std::string> variables = environment.variables;
  const bool missing = !environment.variable("XDG_RUNTIME_DIR").has_value();
  if (missing) variables.push_back("XDG_RUNTIME_DIR=" + environment.runtime_folder.string());
  return variables;
}

/// Speaks to this user's systemd for one report. Its first "no" is kept there, and ends the talk.
class UserSystemd {
 public:
  UserSystemd(const TimerRequest& request, const Environment& environment, TimerReport& report)
      : request_(request), variables_(variables_with_runtime_folder(environment)), report_(report) {}

  /// What `systemctl --user ARGUMENTS` printed; nothing where it failed, now or before.
  std::optional<std::string> tell(const std::vector<std::string>& arguments) {
    if (report_.state == TimerState::untold) return std::nullopt;
    Command command;
    command.argv = {request_.systemctl, "--user", "--no-pager"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = variables_;
    Finished said = run(command, "", systemd_patience);
    if (said.ok()) return std::move(said.out);
    report_.state = TimerState::untold;
    report_.words = trim(said.err);
    if (report_.words.empty()) report_.words = fmt::format("systemctl ended with status {}", said.status);
    return std::nullopt;
  }

  /// Asks how the timer stands; whether systemd knows such a unit.
  bool ask() {
    // systemctl --user --no-pager show --property=... sync-now.timer
    //   LoadState=loaded
    //   ActiveState=active
    //   UnitFileState=enabled
    //   NextElapseUSecRealtime=Sat 2026-11-28 03:15:00 UTC
    const auto answer =
        tell({"show", "--property=LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime", timer_name});
    if (!answer) return false;
    const auto value = [&](std::string_view key) {
      for (const std::string_view line : lines_of(*answer)) {
        if (line.starts_with(key)) return line.substr(key.size());
      }
      return std::string_view();
    };
    const bool on = value("ActiveState=") == "active" && value("UnitFileState=") == "enabled";
    report_.state = on ? TimerState::on : TimerState::off;
    report_.next = value("NextElapseUSecRealtime=");
    return value("LoadState=") != "not-found";
  }

 private:
  const TimerRequest& request_;
  std::vector<std::string> variables_;
  TimerReport& report_;
};

enum class UnitOwner { nobody, ours, somebody };

UnitOwner owner_of_unit(const std::optional<std::string>& text) {
  if (!text) return UnitOwner::nobody;
  return is_unchanged(*text) ? UnitOwner::ours : UnitOwner::somebody;
}

void make_folder_of_units(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) {
    throw Error(ErrorKind::failed, fmt::format("make the folder {}: {}", folder.string(), problem.message()));
  }
}

void write_unit(const Unit& unit, const fs::path& folder, TimerReport& report) {
  const fs::path path = folder / unit.name;
  const std::optional<std::string> present = read_file(path);
  if (present == unit.text) return;
  if (owner_of_unit(present) == UnitOwner::somebody) {
    report.kept.push_back(path);
    return;
  }
  AtomicFile file(path);
  file.write(unit.text);
  file.commit();
  report.changed.push_back(path);
}

void remove_unit_file(const fs::path& path) {
  std::error_code problem;
  fs::remove(path, problem);
  if (problem) throw Error(ErrorKind::failed, fmt::format("remove {}: {}", path.string(), problem.message()));
}

void remove_unit(const fs::path& path, TimerReport& report) {
  switch (owner_of_unit(read_file(path))) {
    case UnitOwner::nobody: return;
    case UnitOwner::somebody: report.kept.push_back(path); return;
    case UnitOwner::ours: remove_unit_file(path); report.changed.push_back(path);
  }
}

/// The link by which the timer is enabled; where systemd could not be told, it would lead nowhere now.
void remove_dangling_link(const fs::path& folder) {
  const fs::path link = folder / "timers.target.wants" / timer_name;
  std::error_code problem;
  if (fs::is_symlink(link, problem) && !fs::exists(link, problem)) remove_unit_file(link);
}

std::array<fs::path, 2> unit_files(const Environment& environment) {
  const fs::path folder = folder_of_units(environment);
  return {folder / "sync-now.service", folder / timer_name};
}

/// A report without findings yet.
TimerReport blank_report(const TimerRequest& request) {
  TimerReport report;
  std::error_code problem;
  if (fs::is_directory(request.booted, problem)) report.state = TimerState::off;
  report.cron_line = cron_line(request.sync_now);
  return report;
}

}  // namespace

TimerReport install_timer(const TimerRequest& request, const Environment& environment) {
  TimerReport report = blank_report(request);
  if (report.state == TimerState::no_systemd) return report;
  const fs::path folder = folder_of_units(environment);
  const std::array<Unit, 2> units = {service_unit(request.sync_now), timer_unit()};
  make_folder_of_units(folder);
  for (const Unit& unit : units) write_unit(unit, folder, report);
  UserSystemd systemd(request, environment, report);
  systemd.tell({"daemon-reload"});
  systemd.tell({"enable", "--now", timer_name});
  systemd.ask();
  return report;
}

TimerReport uninstall_timer(const TimerRequest& request, const Environment& environment) {
  TimerReport report = blank_report(request);
  const bool has_systemd = report.state != TimerState::no_systemd;
  UserSystemd systemd(request, environment, report);
  if (has_systemd && systemd.ask()) systemd.tell({"disable", "--now", timer_name});
  for (const fs::path& path : unit_files(environment)) remove_unit(path, report);
  remove_dangling_link(folder_of_units(environment));
  if (has_systemd && !report.changed.empty()) systemd.tell({"daemon-reload"});
  if (has_systemd) systemd.ask();
  return report;
}

TimerReport timer_status(const TimerRequest& request, const Environment& environment) {
  TimerReport report = blank_report(request);
  for (const fs::path& path : unit_files(environment)) {
    if (owner_of_unit(read_file(path)) == UnitOwner::somebody) report.kept.push_back(path);
  }
  if (report.state != TimerState::no_systemd) UserSystemd(request, environment, report).ask();
  return report;
}

}  // namespace syncmanager::hooks
