#include "folder/copy.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "folder/guard.hpp"
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

/// The folders of PATH, but for relative ones: a child that works in a folder from the server would find that folder's
/// files in them, and run them.
std::vector<std::string> program_folders(const Environment& environment) {
  std::vector<std::string> folders = split(environment.variable("PATH").value_or("/usr/bin:/bin"), ":");
  std::erase_if(folders, [](const std::string& folder) { return !folder.starts_with('/'); });
  return folders;
}

/// Has the child, and all that it starts, look for programs in these folders only.
void confine(Command& command, const std::vector<std::string>& folders) {
  std::string path;
  for (const std::string& folder : folders) path.append(path.empty() ? "" : ":").append(folder);
  std::erase_if(command.environment, [](std::string_view variable) { return variable.starts_with("PATH="); });
  command.environment.push_back("PATH=" + (path.empty() ? "/usr/bin:/bin" : path));
  std::string& program = command.argv.front();
  const auto found = std::ranges::find_if(
      folders, [&](const std::string& folder) { return access((folder + "/" + program).c_str(), X_OK) == 0; });
  if (found == folders.end()) {
    throw Error(ErrorKind::failed, "cannot run " + program + ": no such program",
                "install " + program + ", or put its folder into PATH");
  }
  program = *found + "/" + program;
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

/// What a program came to. Its guard's line is not among its errors any more.
struct Ended {
  Finished finished;
  bool ran = true;
};

Ended run_to_end(const CopySetup& setup, const Command& command, std::string_view input, const OnOutput& on_output) {
  const bool guarded = setup.guarded.count() > 0;
  std::string errors;
  const auto patience = [&](std::string_view piece) -> std::chrono::milliseconds {
    if (!guarded) return silence;
    if (errors.find(guard_passed) == std::string::npos) errors += piece;
    return errors.find(guard_passed) == std::string::npos ? setup.guarded : silence;
  };
  Ended ended;
  ended.finished = run(command, input, guarded ? setup.guarded : silence, patience, on_output);
  stop_if(setup.interrupt);  // a terminal's Ctrl-C ends them too, and they say so in their own way
  if (guarded) ended.ran = take_guard_line(ended.finished.err);
  return ended;
}

Ended run_rsync_to_end(const CopySetup& setup, std::vector<std::string> argv, const std::string& input,
                       const std::filesystem::path& root, RsyncReader& reader) {
  Command command = command_for(setup, std::move(argv));
  command.folder = root;
  confine(command, program_folders(*setup.environment));
  Ended ended = run_to_end(setup, command, input, [&](std::string_view piece) { reader.feed(piece); });
  if (ssh_failed(ended.finished.status)) throw ssh::ssh_failure(setup.server, ended.finished.err, setup.login_hint);
  return ended;
}

}  // namespace

CopyResult run_rsync(const CopySetup& setup, const RsyncJob& job, const std::filesystem::path& root) {
  RsyncReader reader(job.sending, setup.on_transfer);
  try {
    const Ended ended = run_rsync_to_end(setup, rsync_arguments(job), rsync_input(job), root, reader);
    CopyResult result = rsync_result(ended.finished.status, ended.finished.err, reader.files());
    result.ran = ended.ran;
    return result;
  } catch (const Error& error) {
    return {.ending = Ending::failed, .files = reader.files(), .ran = true, .words = {}, .error = error};
  }
}

Deletions count_deletions(const CopySetup& setup, const RsyncJob& job, const std::filesystem::path& root) {
  RsyncReader reader(job.sending, {});
  const Ended ended = run_rsync_to_end(setup, rsync_deletions(job), rsync_input(job), root, reader);
  return {reader.deletions(), rsync_result(ended.finished.status, ended.finished.err, reader.files())};
}

CopyResult run_unison(const CopySetup& setup, const UnisonJob& job, const UnisonView& view) {
  std::string output;
  UnisonProgress progress(setup.on_transfer);
  const Ended ended = run_to_end(setup, command_for(setup, unison_arguments(job)), {}, [&](std::string_view piece) {
    progress.feed(piece);
    output += piece;
  });
  CopyResult result = unison_result(ended.finished.status, output, ended.finished.err, view);
  result.ran = ended.ran;
  if (result.ending == Ending::offline) {
    // ssh may have said why.
    Error error = ssh::ssh_failure(setup.server, ended.finished.err, setup.login_hint);
    if (error.kind() != ErrorKind::failed) throw error;
  }
  return result;
}

std::string unison_version(const Environment& environment, const Interrupt* interrupt) {
  CopySetup setup;
  setup.environment = &environment;
  setup.interrupt = interrupt;
  constexpr std::chrono::seconds patience(30);
  const Finished finished = run(command_for(setup, {"unison", "-version"}), {}, patience);
  return std::string(trim(finished.out));
}

}  // namespace syncmanager::folder
