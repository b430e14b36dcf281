// sync-hooks: has git call us where something is committed, merged, rewritten or checked out.
#include <string>

#include "base/error.hpp"
#include "command_line.hpp"
#include "console.hpp"
#include "hooks/install.hpp"
#include "hooks/template.hpp"
#include "loaded.hpp"
#include "local_tool.hpp"
#include "private_programs.hpp"
#include "timer.hpp"
#include "ui/report.hpp"

namespace {

using namespace syncmanager;

struct Asked {
  bool all = false;
  bool of_template = false;
  bool timer = false;
};

std::string told_of_template(const std::string& action, const hooks::TemplateOutcome& outcome, bool dry_run) {
  const std::string folder = outcome.folder.string();
  if (action == "status") {
    return outcome.changed ? "no hooks for future clones, or not these: sync-hooks install --template puts them in"
                           : "hooks for future clones are in " + folder;
  }
  const std::string suffix = dry_run ? " (dry run)" : "";
  if (action == "install")
    return "hooks for future clones are in " + folder + (outcome.changed ? "" : " already") + suffix;
  if (!outcome.changed) return "there were no hooks for future clones";
  return "no hooks for future clones any more: taken out of " + folder + suffix;
}

/// `hooks for future clones are in /home/jane/.config/syncmanager/git-template`
void work_on_template(const tools::Options& options) {
  const Environment environment = tools::environment_for(options);
  const auto enqueue = tools::private_program(tools::enqueue_program);
  const bool dry_run = options.dry_run || options.action == "status";
  const hooks::TemplateOutcome outcome = options.action == "uninstall"
                                             ? hooks::uninstall_template(enqueue, environment, dry_run)
                                             : hooks::install_template(enqueue, environment, dry_run);
  if (!options.quiet) tools::print(told_of_template(options.action, outcome, options.dry_run) + '\n');
}

int work_on_timer(const tools::Options& options) {
  if (options.action == "install") return tools::install_timer(options);
  if (options.action == "uninstall") return tools::uninstall_timer(options);
  tools::print_timer_status(options);
  return 0;
}

/// What is not about projects. The exit code.
int work_elsewhere(const Asked& asked, const tools::Options& options) {
  if (options.json) {
    throw Error(ErrorKind::usage, "--json tells of projects, and there are none with --template and --timer",
                "leave it out");
  }
  if (asked.of_template) work_on_template(options);
  return asked.timer ? work_on_timer(options) : 0;
}

int run_hooks(int argc, const char* const* argv) {
  const tools::Run run("sync-hooks");
  tools::CommandLine command_line(run.tool(), "Has git sync by itself: installs hooks, removes them, or tells of them.",
                                  {.connects = false, .actions = {"install", "uninstall", "status"}});
  Asked asked;
  command_line.add_flag("--all", asked.all, "all projects; default: this folder's (status: all)");
  command_line.add_flag("--template", asked.of_template, "for repositories that are yet to be cloned or made");
  command_line.add_flag("--timer", asked.timer, "sync-now every 15 minutes, by systemd");
  if (const auto code = command_line.parse(argc, argv)) return *code;
  tools::Options options = command_line.options();
  const bool only_looks = options.action == "status";
  if (asked.of_template || asked.timer) return work_elsewhere(asked, options);
  if (asked.all) options.projects.clear();
  const bool this_folder = options.projects.empty() && options.groups.empty() && !asked.all && !only_looks;
  if (this_folder) options.projects = {"."};
  const auto enqueue = tools::private_program(tools::enqueue_program);
  const auto work = options.action == "install"     ? hooks::install_hooks
                    : options.action == "uninstall" ? hooks::uninstall_hooks
                                                    : hooks::hooks_status;
  const int code = tools::run_local_tool(run, options, only_looks ? ui::hooks_status_report : ui::hooks_report,
                                         [&](const sync::LocalRequest& request, const Environment& environment) {
                                           return work(request, enqueue, environment);
                                         });
  if (only_looks && !options.json) tools::print_timer_status(options);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  return tools::guarded("sync-hooks", [&] { return run_hooks(argc, argv); });
}
