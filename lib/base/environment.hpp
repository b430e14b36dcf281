// What the process was started with, as plain data. `lib/` reads neither the environment nor argv by itself:
// the tools make one Environment in main and pass it inward.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/api.hpp"

namespace syncmanager {

struct Environment {
  std::filesystem::path home;              ///< $HOME, else the password database's folder
  std::filesystem::path config_home;       ///< $XDG_CONFIG_HOME, else ~/.config
  std::filesystem::path state_home;        ///< $XDG_STATE_HOME, else ~/.local/state
  std::filesystem::path runtime_folder;    ///< $XDG_RUNTIME_DIR, else /run/user/UID
  std::filesystem::path temporary_folder;  ///< $TMPDIR, else /tmp
  std::string user;                        ///< the login name of this process's user
  std::string host_name;
  std::string sync_env;         ///< $SYNC_ENV
  std::string computer;         ///< $SYNC_COMPUTER, else empty
  std::string ssh_config;       ///< $SYNC_SSH_CONFIG, else empty
  std::string ssh_auth_sock;    ///< $SSH_AUTH_SOCK, else empty
  std::string git_ssh_command;  ///< $GIT_SSH_COMMAND, else empty
  std::string git_ssh;          ///< $GIT_SSH, else empty
  bool no_color = false;        ///< $NO_COLOR is set and not empty
  /// "NAME=value": what children inherit. All of them, but for those by which git ties the children of a hook to the
  /// hook's repository (git-rev-parse(1) --local-env-vars).
  std::vector<std::string> variables;

  /// `environment` ends with a null pointer, as `environ` does. Throws Error(failed) where no home folder is known.
  SYNCMANAGER_API static Environment of_process(const char* const* environment);

  [[nodiscard]] std::optional<std::string> variable(std::string_view name) const;

  /// Gives this program and its children another ssh agent: the socket's path, or empty for none.
  void set_agent(const std::string& socket);

  /// The folder for the queue, locks, journals and reports of this user.
  [[nodiscard]] SYNCMANAGER_API std::filesystem::path state_folder() const;
};

/// The folder of Environment::state_folder(), for a program that has no time for all the rest: the password database
/// is asked only where neither $XDG_STATE_HOME nor $HOME tells. Empty where nothing does.
std::filesystem::path state_folder_of(const char* const* environment);

/// `path` with a leading `~`, `~/` or `$HOME/` replaced by the home folder; anything else is returned as it is.
SYNCMANAGER_API std::string expand_home(const std::string& path, const Environment& environment);

}  // namespace syncmanager
