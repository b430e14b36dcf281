#include "sync_tool.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/error.hpp"
#include "command_line.hpp"
#include "console.hpp"
#include "interruption.hpp"
#include "loaded.hpp"
#include "output.hpp"
#include "private_programs.hpp"
#include "queue/queue.hpp"
#include "queue/worker_place.hpp"
#include "sync/settle.hpp"
#include "ui/messages.hpp"
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
  request.remote_shell = private_program(remote_shell_program);
  request.jobs = options.jobs;
  request.timeout = std::chrono::seconds(options.timeout);
  request.lock_timeout = std::chrono::seconds(options.lock_timeout);
  return request;
}

namespace {

/// What hooks have queued, around a run that may make it needless. A run over other conf files than the worker's says
/// nothing of the worker's projects. A queue that can't be read or written keeps nobody from syncing: it is told, and
/// the worker comes back to it.
class Queued {
 public:
  Queued(const Options& options, const Environment& environment)
      : environment_(environment), folder_(queue::queue_folder(environment.state_folder())) {
    const bool as_the_worker = options.conf_files.empty() && !options.env;
    if (as_the_worker && !options.dry_run) attempt([&] { before_ = queue::waiting(folder_); });
  }

  /// After the run. Where something waits still, the worker sees to it.
  void settle(const Loaded& loaded, sync::Operation operation, const RunReport& report) const {
    attempt([&] {
      // A conf file with errors may hide a project of the same repository.
      const bool left = !loaded.errors.empty()
                            ? !before_.empty()
                            : sync::settle_queue(before_, loaded.all, operation, report, environment_);
      if (left) queue::wake_worker(private_program(worker_program), environment_.state_folder(), environ);
    });
  }

 private:
  static void attempt(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      complain(ui::message_lines("queue", error.what(), error.hint()));
    }
  }

  const Environment& environment_;
  const std::filesystem::path folder_;
  std::vector<queue::Entry> before_;
};

}  // namespace

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
    const Queued queued(options, environment);
    report = sync::run(request, environment, *progress);
    queued.settle(loaded, operation, report);
  }
  report = run.completed(std::move(report), std::move(loaded.errors));
  return interruption.exit_code(print_report(report, ui::text_report, options, environment));
}

}  // namespace syncmanager::tools
