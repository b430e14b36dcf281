// What ssh itself would do for a host: the output of `ssh -G`, as values. See ssh_config(5).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"

namespace syncmanager::ssh {

enum class HostKeyPolicy {
  ask,         ///< a key that is not known is refused, with the command that accepts it
  accept_new,  ///< a key that is not known is recorded; a changed one is refused
  off,         ///< StrictHostKeyChecking no
};

struct Settings {
  std::string host_name;
  int port = 22;
  std::string user;
  std::string host_key_alias;
  std::vector<std::string> identity_files;  ///< `~` and tokens are still in them: expand_file
  std::vector<std::string> certificate_files;
  bool identities_only = false;
  std::string identity_agent;  ///< a path, "none", "SSH_AUTH_SOCK", "$VARIABLE", or empty
  std::vector<std::string> user_known_hosts;
  std::vector<std::string> global_known_hosts;
  HostKeyPolicy host_keys = HostKeyPolicy::ask;
  std::string proxy_jump;
  std::string proxy_command;
  std::string control_path;           ///< expanded: ssh prints it that way
  std::string control_master;         ///< "true", "auto", "ask"…
  std::string control_persist;        ///< seconds, or "yes" or "no"
  std::vector<std::string> send_env;  ///< patterns of names
  std::optional<std::chrono::milliseconds> connect_timeout;
  bool hash_known_hosts = false;
  bool gssapi = false;
  std::vector<std::string> public_key_algorithms;  ///< these five in ssh's order of preference
  std::vector<std::string> host_key_algorithms;
  std::vector<std::string> key_exchanges;
  std::vector<std::string> ciphers;
  std::vector<std::string> macs;
  std::vector<std::string> only_by_ssh;  ///< "keyword value" of settings that nobody but ssh itself can honour
};

/// Reads what `ssh -G` prints; keys that it does not know are passed over, a value that it can't read is an error.
/// Throws Error(failed).
Settings parse_settings(std::string_view text);

/// An IdentityFile or IdentityAgent with `~`, ${VARIABLE} and the tokens %d %h %i %p %r %u %% replaced; nothing where
/// it holds other tokens, or a variable that is not set.
std::optional<std::string> expand_file(const std::string& file, const Settings& settings,
                                       const Environment& environment);

}  // namespace syncmanager::ssh
