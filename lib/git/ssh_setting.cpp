#include "git/ssh_setting.hpp"

#include "base/escape.hpp"
#include "git/handle.hpp"

namespace syncmanager::git {

namespace {

Handle<git_config> configuration_for(const std::filesystem::path& project) {
  git_repository* opened = nullptr;
  const int found = git_repository_open_ext(&opened, project.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  const Handle<git_repository> repository(opened);
  git_config* configuration = nullptr;
  // Who syncs the project tells of a configuration that can't be read; here it says nothing.
  const int read = found == 0 ? git_repository_config_snapshot(&configuration, repository.get())
                              : git_config_open_default(&configuration);
  return Handle<git_config>(read == 0 ? configuration : nullptr);
}

}  // namespace

std::string ssh_setting(const Environment& environment, const std::filesystem::path& project) {
  if (!environment.git_ssh_command.empty()) return environment.git_ssh_command;
  if (const Handle<git_config> configuration = configuration_for(project)) {
    git_config_entry* found = nullptr;
    if (git_config_get_entry(&found, configuration.get(), "core.sshcommand") == 0) {
      const Handle<git_config_entry> entry(found);
      if (entry->value != nullptr && *entry->value != '\0') return entry->value;
    }
  }
  return environment.git_ssh.empty() ? "" : shell_quote(environment.git_ssh);
}

}  // namespace syncmanager::git
