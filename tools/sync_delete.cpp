// sync-delete: deletes a branch here, and with the next push on the server and everywhere.
#include <string>

#include "command_line.hpp"
#include "console.hpp"
#include "local_tool.hpp"
#include "sync/delete_branch.hpp"
#include "ui/report.hpp"

namespace {

using namespace syncmanager;

int run_delete(int argc, const char* const* argv) {
  const tools::Run run("sync-delete");
  tools::CommandLine command_line(
      run.tool(), "Deletes a branch here; the next push deletes it on the server, and so on every computer.",
      {.connects = false, .takes_projects = false});
  std::string branch;
  command_line.add_operand("BRANCH", branch, "without refs/heads/");
  if (const auto code = command_line.parse(argc, argv)) return *code;
  tools::Options options = command_line.options();
  if (options.projects.empty()) options.projects = {"."};
  return tools::run_local_tool(run, options, ui::delete_report,
                               [&](const sync::LocalRequest& request, const Environment& environment) {
                                 return sync::delete_branch(request, branch, environment);
                               });
}

}  // namespace

int main(int argc, char** argv) {
  return tools::guarded("sync-delete", [&] { return run_delete(argc, argv); });
}
