#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

/// Messages that are read by this program, and our own settings for every child.
bool replaced(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return name == "LC_ALL" || name == "LANGUAGE" || name == "GIT_TERMINAL_PROMPT" || name == "SYNC_HOOKS";
}

constexpr std::chrono::hours silence_of_git(1);

Command git_command(const Environment& environment, const std::filesystem::path& folder,
                    const std::vector<std::string>& arguments) {
  Command command;
  command.argv = {"git", "-C", folder.string()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = child_environment(environment);
  return command;
}

}  // namespace

std::vector<std::string> child_environment(const Environment& environment) {
  std::vector<std::string> variables;
  for (const std::string& variable : environment.variables) {
    if (!replaced(variable)) variables.push_back(variable);
  }
  variables.insert(variables.end(), {"LC_ALL=C.UTF-8", "LANGUAGE=", "GIT_TERMINAL_PROMPT=0", "SYNC_HOOKS=0"});
  return variables;
}

Finished run_git(const Environment& environment, const std::filesystem::path& folder,
                 const std::vector<std::string>& arguments, bool interactive) {
  Command command = git_command(environment, folder, arguments);
  command.own_group = !interactive;
  return run(command, {}, silence_of_git);
}

Finished feed_git(const Environment& environment, const std::filesystem::path& folder,
                  const std::vector<std::string>& arguments, std::string_view input, const OnOutput& on_output) {
  return run(git_command(environment, folder, arguments), input, silence_of_git, {}, on_output);
}

}  // namespace syncmanager::git
