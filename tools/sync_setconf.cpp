// sync-setconf: applies the conf files to the projects, checks them, and rewrites old ones.
#include <filesystem>
#include <string>

#include "check.hpp"
#include "command_line.hpp"
#include "console.hpp"
#include "loaded.hpp"
#include "local_tool.hpp"
#include "output.hpp"
#include "sync/runner.hpp"
#include "ui/report.hpp"

namespace {

using namespace syncmanager;

int run_setconf(int argc, const char* const* argv) {
  const tools::Run run("sync-setconf");
  tools::CommandLine command_line(run.tool(),
                                  "Sets identity, remote URL and upstreams of each project as the conf files say.",
                                  {.connects = false});
  bool check = false;
  std::string import;
  command_line.add_flag("--check", check, "set nothing; say what is wrong in the conf files");
  command_line.add_file("--import", import, "set nothing; print this old-format file in today's", "--check");
  if (const auto code = command_line.parse(argc, argv)) return *code;

  const tools::Options& options = command_line.options();
  const Environment environment = tools::environment_for(options);
  if (!import.empty()) return tools::print_imported(import, environment);
  if (check) return tools::print_check(run, tools::load(run.tool(), options, environment), options, environment);
  return tools::run_local_tool(
      run, options, ui::settings_report,
      [](const sync::LocalRequest& request, const Environment& used) { return sync::configure(request, used); });
}

}  // namespace

int main(int argc, char** argv) {
  return tools::guarded("sync-setconf", [&] { return run_setconf(argc, argv); });
}
