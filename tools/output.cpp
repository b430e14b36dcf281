#include "output.hpp"

#include <utility>

#include <unistd.h>

#include "console.hpp"
#include "ui/progress.hpp"
#include "ui/report.hpp"
#include "ui/terminal.hpp"

namespace syncmanager::tools {

RunReport Run::completed(RunReport report, std::vector<ConfigError> errors) const {
  report.tool = tool_;
  report.started = started_;
  report.seconds = std::chrono::steady_clock::now() - begin_;
  report.errors = std::move(errors);
  return report;
}

std::unique_ptr<Progress> progress_for(const Options& options, const Environment& environment) {
  const bool wanted = !options.quiet && !options.json && !options.no_progress;
  if (wanted && ui::is_capable_terminal(STDERR_FILENO, environment)) {
    return ui::terminal_progress(STDERR_FILENO, options.verbose);
  }
  return ui::plain_progress(STDERR_FILENO, options.verbose);
}

ui::TextStyle text_style(const Options& options, const Environment& environment) {
  ui::TextStyle style;
  style.colour = ui::wants_colour(options.colour, STDOUT_FILENO, environment);
  style.unicode = ui::is_utf8_locale();
  style.verbose = options.verbose;
  style.quiet = options.quiet;
  return style;
}

int print_report(const RunReport& report, TextReport text, const Options& options, const Environment& environment) {
  if (options.json) {
    print(ui::json_report(report, options.verbose));
  } else if (!report.projects.empty() || report.errors.empty()) {
    print(text(report, text_style(options, environment)));
  }
  return exit_code(report);
}

}  // namespace syncmanager::tools
