#include "local_tool.hpp"

#include <utility>

#include "loaded.hpp"

namespace syncmanager::tools {

int run_local_tool(const Run& run, const Options& options, TextReport text, const LocalWork& work) {
  const Environment environment = environment_for(options);
  Loaded loaded = load(run.tool(), options, environment);
  notice_empty_selection(run.tool(), loaded, options);
  RunReport report;
  report.dry_run = options.dry_run;
  if (!loaded.projects.empty()) report = work(loaded.projects, environment);
  report = run.completed(std::move(report), std::move(loaded.errors));
  return print_report(report, text, options, environment);
}

}  // namespace syncmanager::tools
