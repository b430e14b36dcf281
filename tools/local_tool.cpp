#include "local_tool.hpp"

#include <chrono>
#include <utility>

#include "interruption.hpp"
#include "loaded.hpp"

namespace syncmanager::tools {

int run_local_tool(const Run& run, const Options& options, TextReport text, const LocalWork& work) {
  const Environment environment = environment_for(options);
  const Interruption interruption;
  Loaded loaded = load(run.tool(), options, environment);
  notice_empty_selection(run.tool(), loaded, options);
  RunReport report;
  report.dry_run = options.dry_run;
  if (!loaded.projects.empty()) {
    const sync::LocalRequest request{.projects = std::move(loaded.projects),
                                     .dry_run = options.dry_run,
                                     .lock_timeout = std::chrono::seconds(options.lock_timeout),
                                     .interrupt = &interruption.interrupt()};
    report = work(request, environment);
  }
  report = run.completed(std::move(report), std::move(loaded.errors));
  return interruption.exit_code(print_report(report, text, options, environment));
}

}  // namespace syncmanager::tools
