#include "ui/terminal.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace syncmanager::ui {

WindowSize window_size(int fd) {
  WindowSize size;
  winsize window{};
  if (ioctl(fd, TIOCGWINSZ, &window) != 0) return size;
  if (window.ws_row > 0) size.rows = window.ws_row;
  if (window.ws_col > 0) size.columns = window.ws_col;
  return size;
}

bool is_terminal(int fd) {
  return isatty(fd) == 1;
}

bool is_capable_terminal(int fd, const Environment& environment) {
  const auto dumb = std::ranges::find(environment.variables, "TERM=dumb");
  return is_terminal(fd) && dumb == environment.variables.end();
}

bool is_free_terminal(int fd) {
  termios settings{};
  if (tcgetattr(fd, &settings) != 0 || (settings.c_lflag & ECHO) == 0) return false;
  // A terminal that is not our controlling one has no foreground group for us: then nobody is disturbed.
  const pid_t foreground = tcgetpgrp(fd);
  return foreground < 0 || foreground == getpgrp();
}

bool is_utf8_locale() {
  // A locale object of our own: setlocale() would change the whole process.
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;
  const bool utf8 = std::strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
  freelocale(locale);
  return utf8;
}

bool wants_colour(ColourMode mode, int fd, const Environment& environment) {
  switch (mode) {
    case ColourMode::always: return true;
    case ColourMode::never: return false;
    case ColourMode::automatic: break;
  }
  return !environment.no_color && is_capable_terminal(fd, environment);
}

}  // namespace syncmanager::ui
