#include "check.hpp"

#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "console.hpp"
#include "ui/messages.hpp"
#include "ui/report.hpp"

namespace syncmanager::tools {

namespace {

ProjectOutcome described(const Project& project) {
  ProjectOutcome outcome;
  outcome.name = project.name;
  outcome.client = project.client;
  outcome.path = project.path.string();
  if (project.client == Client::git) outcome.remote = project.remote;
  outcome.url = without_password(project.url.text);
  return outcome;
}

}  // namespace

int print_check(const Run& run, const Loaded& loaded, const Options& options, const Environment& environment) {
  RunReport report;
  for (const Project& project : loaded.config.projects) report.projects.push_back(described(project));
  report = run.completed(std::move(report), loaded.errors);
  if (!options.quiet) {
    for (const std::string& notice : config::notices(loaded.config)) complain(ui::notice_line(notice));
  }
  if (options.json) {
    print(ui::json_report(report, options.verbose));
  } else {
    print(ui::check_report(report, text_style(options, environment)));
  }
  return exit_code(report);
}

int print_imported(const std::string& file, const Environment& environment) {
  const std::optional<std::string> text = read_file(expand_home(file, environment));
  if (!text) throw Error(ErrorKind::usage, "read " + file + ": no such file");
  print(config::import_legacy(*text, file));
  return 0;
}

}  // namespace syncmanager::tools
