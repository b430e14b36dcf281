#include "timer.hpp"

#include <string>

#include "console.hpp"
#include "hooks/timer.hpp"
#include "loaded.hpp"
#include "private_programs.hpp"
#include "ui/messages.hpp"

namespace syncmanager::tools {

namespace {

constexpr const char* tool = "sync-hooks";
constexpr int for_a_person = 3;

hooks::TimerRequest request() {
  hooks::TimerRequest request;
  request.sync_now = tool_program("sync-now");
  return request;
}

void say(const Options& options, const std::string& line) {
  if (!options.quiet) print(line + '\n');
}

void tell_files(const hooks::TimerReport& report, const std::string& done, const Options& options) {
  for (const auto& file : report.changed) say(options, done + ' ' + file.string());
  for (const auto& file : report.kept) {
    complain(ui::message_lines(tool, file.string() + " has been changed by somebody, and stays as it is"));
  }
}

std::string cron_hint(const hooks::TimerReport& report) {
  return "with cron instead, by crontab -e: " + report.cron_line;
}

std::string next_turn(const hooks::TimerReport& report) {
  return report.next.empty() ? std::string() : ", next " + report.next;
}

int only_looked(const Options& options) {
  say(options, "dry run: nothing was changed");
  print_timer_status(options);
  return 0;
}

}  // namespace

int install_timer(const Options& options) {
  if (options.dry_run) return only_looked(options);
  const hooks::TimerReport report = hooks::install_timer(request(), environment_for(options));
  tell_files(report, "wrote", options);
  switch (report.state) {
    case hooks::TimerState::on:
      say(options, "sync-now runs every 15 minutes" + next_turn(report));
      return report.kept.empty() ? 0 : for_a_person;
    case hooks::TimerState::off:
    case hooks::TimerState::untold:
      complain(ui::message_lines(
          tool, "systemd has not started the timer: " + report.words,
          "log in on the desktop, or run 'loginctl enable-linger', and try again; " + cron_hint(report)));
      return for_a_person;
    case hooks::TimerState::no_systemd:
      complain(ui::message_lines(tool, "systemd does not run here, so there is no timer", cron_hint(report)));
      return for_a_person;
  }
  return 0;
}

int uninstall_timer(const Options& options) {
  if (options.dry_run) return only_looked(options);
  const hooks::TimerReport report = hooks::uninstall_timer(request(), environment_for(options));
  tell_files(report, "removed", options);
  const bool running = report.state == hooks::TimerState::on;
  if (running) {
    complain(ui::message_lines(tool, "the timer is still on: " + report.words,
                               "systemctl --user disable --now sync-now.timer"));
  } else if (report.changed.empty()) {
    say(options, "there was no timer of this tool");
  }
  return running || !report.kept.empty() ? for_a_person : 0;
}

void print_timer_status(const Options& options) {
  const hooks::TimerReport report = hooks::timer_status(request(), environment_for(options));
  switch (report.state) {
    case hooks::TimerState::on: return say(options, "timer  on" + next_turn(report));
    case hooks::TimerState::off: return say(options, "timer  off: sync-hooks install --timer");
    case hooks::TimerState::untold: return say(options, "timer  not known: your systemd does not answer");
    case hooks::TimerState::no_systemd: return say(options, "timer  none: systemd does not run here");
  }
}

}  // namespace syncmanager::tools
