#include "git/git_command.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace syncmanager::git {

namespace {

bool leaks(std::string_view variable) {
  // git-rev-parse(1) --local-env-vars of git 2.39, and what else hooks are given.
  constexpr std::array<std::string_view, 19> names = {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                                      "GIT_CONFIG",
                                                      "GIT_CONFIG_PARAMETERS",
                                                      "GIT_CONFIG_COUNT",
                                                      "GIT_OBJECT_DIRECTORY",
                                                      "GIT_DIR",
                                                      "GIT_WORK_TREE",
                                                      "GIT_IMPLICIT_WORK_TREE",
                                                      "GIT_GRAFT_FILE",
                                                      "GIT_INDEX_FILE",
                                                      "GIT_NO_REPLACE_OBJECTS",
                                                      "GIT_REPLACE_REF_BASE",
                                                      "GIT_PREFIX",
                                                      "GIT_SHALLOW_FILE",
                                                      "GIT_COMMON_DIR",
                                                      "GIT_INTERNAL_SUPER_PREFIX",
                                                      "GIT_QUARANTINE_PATH",
                                                      "GIT_REFLOG_ACTION",
                                                      "GIT_PUSH_OPTION_COUNT"};
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::ranges::find(names, name) != names.end() || name.starts_with("GIT_CONFIG_KEY_") ||
         name.starts_with("GIT_CONFIG_VALUE_");
}

/// Messages that are read by this program, and our own settings for every child.
bool replaced(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return name == "LC_ALL" || name == "LANGUAGE" || name == "GIT_TERMINAL_PROMPT" || name == "SYNC_HOOKS";
}

}  // namespace

std::vector<std::string> child_environment(const Environment& environment) {
  std::vector<std::string> variables;
  for (const std::string& variable : environment.variables) {
    if (!leaks(variable) && !replaced(variable)) variables.push_back(variable);
  }
  variables.insert(variables.end(), {"LC_ALL=C.UTF-8", "LANGUAGE=", "GIT_TERMINAL_PROMPT=0", "SYNC_HOOKS=0"});
  return variables;
}

Finished run_git(const Environment& environment, const std::filesystem::path& folder,
                 std::vector<std::string> arguments, std::chrono::milliseconds silence) {
  Command command;
  command.argv = {"git", "-C", folder.string()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = child_environment(environment);
  return run(command, {}, silence);
}

}  // namespace syncmanager::git
