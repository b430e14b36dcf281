// What syncs in the background: started by a hook, or by a tool that has left something waiting. Its standard streams
// are its log.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "command_line.hpp"
#include "console.hpp"
#include "interruption.hpp"
#include "loaded.hpp"
#include "sync/worker.hpp"
#include "ui/notification.hpp"
#include "ui/progress.hpp"
#include "ui/report.hpp"

namespace {

using namespace syncmanager;
namespace fs = std::filesystem;

/// Everything that is printed goes to the log from now on. It is renamed before it gets long, and its predecessor goes.
void log_to(const fs::path& log) {
  constexpr std::uintmax_t longest = std::uintmax_t{256} * 1024;
  std::error_code ignored;  // a log that can't be kept is no reason not to sync
  if (fs::file_size(log, ignored) > longest && !ignored) fs::rename(log, log.string() + ".1", ignored);
  const Fd fd(open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return;
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) dup2(fd.get(), stream);
}

int work(const fs::path& log, const Environment& environment, const tools::Interruption& interruption) {
  const std::unique_ptr<Progress> progress = ui::plain_progress(STDERR_FILENO, true);
  sync::WorkerHost host;
  host.progress = progress.get();
  host.interrupt = &interruption.interrupt();
  host.projects = [&] {
    log_to(log);
    tools::Loaded loaded = tools::load("worker", tools::Options(), environment);
    return sync::KnownProjects{.projects = std::move(loaded.projects),
                               .all = std::move(loaded.config.projects),
                               .complete = loaded.errors.empty()};
  };
  host.finished = [&](const RunReport& report) {
    tools::complain(ui::log_report(report));
    log_to(log);
  };
  host.notify = [&](const std::string& project, const Complaint& complaint) {
    return ui::show_notification(environment, project, complaint);
  };
  try {
    sync::work_off_queue(host, environment);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::interrupted) throw;
  }
  return interruption.exit_code(0);
}

}  // namespace

int main() {
  return tools::guarded("worker", [] {
    const Environment environment = Environment::of_process(environ);
    make_private_folder(environment.state_folder());
    const fs::path log = environment.state_folder() / "worker.log";
    log_to(log);
    const tools::Interruption interruption;
    return work(log, environment, interruption);
  });
}
