#include "base/environment.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"

namespace syncmanager {

namespace {

namespace fs = std::filesystem;

struct Account {
  std::string name;
  std::string home;
};

/// What the password database knows of this process's user; empty where it knows nothing.
Account account() {
  std::vector<char> buffer(16'384);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return {};
  return {entry.pw_name, entry.pw_dir};
}

std::string this_host() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

/// git gives its hooks such variables, which would point every git that they start at the hook's own repository.
bool ties_to_a_repository(std::string_view variable) {
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

/// The XDG base directory specification: a path that is not absolute is to be ignored.
fs::path folder_or(const std::string& value, const fs::path& otherwise) {
  const fs::path folder = value;
  return folder.is_absolute() ? folder : otherwise;
}

/// The value in "NAME=value", if that is the name.
std::optional<std::string> value_if(std::string_view variable, std::string_view name) {
  if (!variable.starts_with(name) || !variable.substr(name.size()).starts_with('=')) return std::nullopt;
  return std::string(variable.substr(name.size() + 1));
}

constexpr const char* app_folder = "syncmanager";

fs::path state_home_of(const std::string& told, const fs::path& home) {
  return folder_or(told, home / ".local" / "state");
}

}  // namespace

fs::path state_folder_of(const char* const* environment) {
  const auto value = [&](std::string_view name) -> std::string {
    for (const char* const* each = environment; *each != nullptr; ++each) {
      if (auto told = value_if(*each, name)) return *std::move(told);
    }
    return {};
  };
  const fs::path told = value("XDG_STATE_HOME");
  if (told.is_absolute()) return told / app_folder;
  fs::path home = value("HOME");
  if (!home.is_absolute()) home = account().home;
  return home.is_absolute() ? state_home_of({}, home) / app_folder : fs::path();
}

fs::path Environment::state_folder() const {
  return state_home / app_folder;
}

Environment Environment::of_process(const char* const* environment) {
  Environment result;
  for (; *environment != nullptr; ++environment) {
    if (!ties_to_a_repository(*environment)) result.variables.emplace_back(*environment);
  }
  const auto value = [&](std::string_view name) { return result.variable(name).value_or(""); };

  const Account user = account();
  result.home = folder_or(value("HOME"), user.home);
  if (!result.home.is_absolute()) throw Error(ErrorKind::failed, "no home folder is known", "set HOME");
  result.config_home = folder_or(value("XDG_CONFIG_HOME"), result.home / ".config");
  result.state_home = state_home_of(value("XDG_STATE_HOME"), result.home);
  result.runtime_folder = folder_or(value("XDG_RUNTIME_DIR"), fmt::format("/run/user/{}", geteuid()));
  result.temporary_folder = folder_or(value("TMPDIR"), "/tmp");
  result.user = user.name.empty() ? value("USER") : user.name;
  result.host_name = this_host();
  result.sync_env = value("SYNC_ENV");
  result.computer = value("SYNC_COMPUTER");
  result.ssh_config = value("SYNC_SSH_CONFIG");
  result.ssh_auth_sock = value("SSH_AUTH_SOCK");
  result.git_ssh_command = value("GIT_SSH_COMMAND");
  result.git_ssh = value("GIT_SSH");
  result.no_color = !value("NO_COLOR").empty();
  return result;
}

std::optional<std::string> Environment::variable(std::string_view name) const {
  for (const std::string& each : variables) {
    if (auto value = value_if(each, name)) return value;
  }
  return std::nullopt;
}

void Environment::set_agent(const std::string& socket) {
  std::erase_if(variables, [](const std::string& variable) { return variable.starts_with("SSH_AUTH_SOCK="); });
  if (!socket.empty()) variables.push_back("SSH_AUTH_SOCK=" + socket);
  ssh_auth_sock = socket;
}

std::string expand_home(const std::string& path, const Environment& environment) {
  for (const std::string_view name : {"~", "$HOME", "${HOME}"}) {
    if (!path.starts_with(name)) continue;
    const std::string rest = path.substr(name.size());
    if (rest.empty() || rest.starts_with('/')) return environment.home.string() + rest;
  }
  return path;
}

}  // namespace syncmanager
