#include "git/git_way.hpp"

#include <algorithm>

#include "git/git_command.hpp"
#include "git/git_failure.hpp"

namespace syncmanager::git {

namespace {

constexpr std::chrono::minutes at_a_prompt(10);

std::vector<std::string> environment_of(const GitWay& way, bool asks) {
  std::vector<std::string> variables = child_environment(*way.environment);
  const auto is_ours = [&](std::string_view variable) {
    const std::string_view name = variable.substr(0, variable.find('='));
    return name == "GIT_TERMINAL_PROMPT" || (!asks && (name == "GIT_ASKPASS" || name == "SSH_ASKPASS"));
  };
  std::erase_if(variables, is_ours);
  variables.emplace_back("GIT_LFS_FORCE_PROGRESS=1");  // else it uploads for hours without a word to a pipe
  // An empty GIT_ASKPASS also keeps git from core.askPass: no window opens in the background.
  if (asks)
    variables.emplace_back("GIT_TERMINAL_PROMPT=1");
  else
    variables.insert(variables.end(), {"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS="});
  return variables;
}

Command command_to(const GitWay& way, const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                   bool asks) {
  Command command;
  command.argv = {"git", "-C", folder.string()};
  const auto set = [&](const std::string& setting) { command.argv.insert(command.argv.end(), {"-c", setting}); };
  if (!way.ssh_command.empty()) set("core.sshCommand=" + way.ssh_command);
  for (const std::string& setting : way.settings) set(setting);
  if (!asks) set("credential.interactive=false");  // for helpers that would open a window
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = environment_of(way, asks);
  command.own_group = !asks;
  command.interrupt = way.interrupt;
  return command;
}

Finished run_once(const GitWay& way, const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                  const Talk& talk) {
  const std::chrono::milliseconds least = talk.asks ? at_a_prompt : std::chrono::milliseconds(0);
  const OnErrors on_errors = [&](std::string_view piece) {
    return std::max(least, talk.on_errors ? talk.on_errors(piece) : talk.silence);
  };
  return run(command_to(way, folder, arguments, talk.asks), talk.input, std::max(least, talk.silence), on_errors);
}

}  // namespace

std::size_t room_beside(const GitWay& way, const std::filesystem::path& folder,
                        const std::vector<std::string>& arguments) {
  const Command command = command_to(way, folder, arguments, false);
  const std::size_t room = room_for_arguments(command.environment);
  const std::size_t taken = size_of_arguments(command.argv);
  return taken < room ? room - taken : 0;
}

Finished run_git_to(const GitWay& way, const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                    Talk talk) {
  const auto unanswered = [](const Finished& git) { return !git.ok() && wants_to_ask(git.err); };
  talk.asks = way.interactive && way.questions == nullptr;  // by ssh, which knows how to take turns
  Finished git = run_once(way, folder, arguments, talk);
  if (way.questions == nullptr || !way.interactive || !unanswered(git)) return git;
  const std::scoped_lock lock(way.questions->turn);
  if (way.questions->in_vain.contains(way.server)) return git;
  // Another project may have got the answer meanwhile.
  git = run_once(way, folder, arguments, talk);
  if (!unanswered(git)) return git;
  talk.asks = true;
  git = run_once(way, folder, arguments, talk);
  if (!git.ok() && git_failure({}, git.err).kind() == ErrorKind::auth) way.questions->in_vain.insert(way.server);
  return git;
}

}  // namespace syncmanager::git
