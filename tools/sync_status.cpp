// sync-status: how every branch of every project stands, from what is on this computer.
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "console.hpp"
#include "interruption.hpp"
#include "loaded.hpp"
#include "output.hpp"
#include "sync/status.hpp"
#include "sync_tool.hpp"
#include "ui/report.hpp"

namespace {

using namespace syncmanager;

/// What the servers have goes into the remote-tracking refs, where the status finds it.
RunReport fetch(const std::vector<Project>& projects, const tools::Options& options, const Environment& environment,
                const Interrupt& interrupt) {
  const std::unique_ptr<Progress> progress = tools::progress_for(options, environment);
  sync::Request request = tools::request_for(options, sync::Operation::fetch, projects);
  request.interrupt = &interrupt;
  return sync::run(request, environment, *progress);
}

int print_status(const StatusReport& report, bool rescued, const tools::Options& options,
                 const Environment& environment) {
  if (options.json) {
    tools::print(ui::json_status(report, options.verbose));
  } else if (!report.projects.empty() || report.run.errors.empty()) {
    const ui::TextStyle style = tools::text_style(options, environment);
    tools::print(rescued ? ui::rescued_report(report, style) : ui::status_report(report, style));
  }
  return exit_code(report.run);
}

int run_status(int argc, const char* const* argv) {
  const tools::Run run("sync-status");
  tools::CommandLine command_line(run.tool(), "Shows how every branch of every project stands, without a connection.",
                                  {.changes = false});
  bool ask_servers = false;
  bool rescued = false;
  command_line.add_flag("--fetch", ask_servers, "ask the servers first; moves remote-tracking refs only");
  command_line.add_flag("--rescued", rescued, "list the commits that branches have lost, and that are kept");
  if (const auto code = command_line.parse(argc, argv)) return *code;
  const tools::Options& options = command_line.options();
  const Environment environment = tools::environment_for(options);

  tools::Loaded loaded = tools::load(run.tool(), options, environment);
  tools::notice_empty_selection(run.tool(), loaded, options);
  std::optional<tools::Interruption> interruption;
  RunReport fetched;
  if (ask_servers && !loaded.projects.empty()) {
    interruption.emplace();
    fetched = fetch(loaded.projects, options, environment, interruption->interrupt());
  }
  StatusReport report = sync::status(loaded.projects, options.jobs, environment);
  sync::add_troubles(report, fetched);
  report.run = run.completed(std::move(report.run), std::move(loaded.errors));
  const int code = print_status(report, rescued, options, environment);
  return interruption ? interruption->exit_code(code) : code;
}

}  // namespace

int main(int argc, char** argv) {
  return tools::guarded("sync-status", [&] { return run_status(argc, argv); });
}
