#include "sync_tool.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <unistd.h>

#include "command_line.hpp"
#include "interruption.hpp"
#include "loaded.hpp"
#include "output.hpp"
#include "ui/report.hpp"
#include "ui/terminal.hpp"

namespace syncmanager::tools {

sync::Request request_for(const Options& options, sync::Operation operation, std::vector<Project> projects) {
  sync::Request request;
  request.operation = operation;
  request.projects = std::move(projects);
  request.dry_run = options.dry_run;
  request.force = options.force;
  request.allow_mass_deletion = options.allow_mass_deletion;
  request.interactive = ui::is_terminal(STDIN_FILENO) && ui::is_terminal(STDERR_FILENO);
  request.jobs = options.jobs;
  request.timeout = std::chrono::seconds(options.timeout);
  request.lock_timeout = std::chrono::seconds(options.lock_timeout);
  return request;
}

int run_sync_tool(const std::string& tool, const std::string& purpose, sync::Operation operation, int argc,
                  const char* const* argv) {
  const Run run(tool);
  CommandLine command_line(tool, purpose, {});
  if (const auto code = command_line.parse(argc, argv)) return *code;
  const Options& options = command_line.options();
  const Environment environment = environment_for(options);

  const Interruption interruption;
  Loaded loaded = load(tool, options, environment);
  notice_empty_selection(tool, loaded, options);
  RunReport report;
  report.dry_run = options.dry_run;
  if (!loaded.projects.empty()) {
    // Gone, and its lines with it, before the report is printed.
    const std::unique_ptr<Progress> progress = progress_for(options, environment);
    sync::Request request = request_for(options, operation, std::move(loaded.projects));
    request.interrupt = &interruption.interrupt();
    report = sync::run(request, environment, *progress);
  }
  report = run.completed(std::move(report), std::move(loaded.errors));
  return interruption.exit_code(print_report(report, ui::text_report, options, environment));
}

}  // namespace syncmanager::tools
