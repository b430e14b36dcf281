// sync-undo: takes back what the last run did on this computer.
#include "command_line.hpp"
#include "console.hpp"
#include "local_tool.hpp"
#include "sync/undo.hpp"
#include "ui/report.hpp"

namespace {

using namespace syncmanager;

int run_undo(int argc, const char* const* argv) {
  const tools::Run run("sync-undo");
  tools::CommandLine command_line(run.tool(), "Puts branches here back to where they were before the last run.",
                                  {.connects = false});
  if (const auto code = command_line.parse(argc, argv)) return *code;
  const tools::Options& options = command_line.options();
  return tools::run_local_tool(run, options, ui::undo_report,
                               [](const sync::LocalRequest& request, const Environment& environment) {
                                 return sync::undo(request, environment);
                               });
}

}  // namespace

int main(int argc, char** argv) {
  return tools::guarded("sync-undo", [&] { return run_undo(argc, argv); });
}
