#include "folder/copy.hpp"

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "folder/rsync_talk.hpp"
#include "folder/unison_progress.hpp"
#include "ssh/ssh_failure.hpp"

namespace syncmanager::folder {

namespace {

// A large tree is read without a word. A line that is dead is noticed by ssh, and by rsync itself.
constexpr std::chrono::hours silence(1);

/// Messages that are read by this program, the way to the server, and what would change how rsync takes its arguments.
bool replaced(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return name == "LC_ALL" || name == "LANGUAGE" || name == "SYNC_RSH" || name == "SYNC_HOOKS" ||
         name.starts_with("RSYNC_");
}

std::vector<std::string> variables_for(const CopySetup& setup) {
  std::vector<std::string> variables;
  for (const std::string& variable : setup.environment->variables) {
    if (!replaced(variable)) variables.push_back(variable);
  }
  variables.insert(variables.end(), {"LC_ALL=C.UTF-8", "LANGUAGE=", "SYNC_HOOKS=0", "SYNC_RSH=" + setup.ssh_command});
  return variables;
}

Command command_for(const CopySetup& setup, std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  command.environment = variables_for(setup);
  command.own_group = !setup.interactive;
  command.interrupt = setup.interrupt;
  command.inherited = setup.held;
  return command;
}

Finished run_to_end(const CopySetup& setup, std::vector<std::string> argv, const std::filesystem::path& root,
                    RsyncReader& reader) {
  Command command = command_for(setup, std::move(argv));
  command.folder = root;
  Finished finished = run(command, {}, silence, {}, [&](std::string_view piece) { reader.feed(piece); });
  if (ssh_failed(finished.status)) throw ssh::ssh_failure(setup.server, finished.err, setup.login_hint);
  return finished;
}

}  // namespace

CopyResult run_rsync(const CopySetup& setup, const RsyncJob& job, const std::filesystem::path& root) {
  RsyncReader reader(job.sending, setup.on_transfer);
  const Finished finished = run_to_end(setup, rsync_arguments(job), root, reader);
  return rsync_result(finished.status, finished.err, reader.files());
}

Deletions count_deletions(const CopySetup& setup, const RsyncJob& job, const std::filesystem::path& root) {
  RsyncReader reader(job.sending, {});
  const Finished finished = run_to_end(setup, rsync_deletions(job), root, reader);
  return {reader.deletions(), rsync_result(finished.status, finished.err, reader.files())};
}

CopyResult run_unison(const CopySetup& setup, const UnisonJob& job, const UnisonView& view) {
  std::string output;
  UnisonProgress progress(setup.on_transfer);
  const Finished finished =
      run(command_for(setup, unison_arguments(job)), {}, silence, {}, [&](std::string_view piece) {
        progress.feed(piece);
        output += piece;
      });
  CopyResult result = unison_result(finished.status, output, finished.err, view);
  if (result.ending == Ending::offline) {
    // ssh may have said why.
    Error error = ssh::ssh_failure(setup.server, finished.err, setup.login_hint);
    if (error.kind() != ErrorKind::failed) throw error;
  }
  return result;
}

std::string unison_version(const Environment& environment) {
  CopySetup setup;
  setup.environment = &environment;
  constexpr std::chrono::seconds patience(30);
  const Finished finished = run(command_for(setup, {"unison", "-version"}), {}, patience);
  return std::string(trim(finished.out));
}

}  // namespace syncmanager::folder
