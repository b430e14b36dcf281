#include "ssh/session_setup.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "ssh/find_agent.hpp"
#include "ssh/host_key.hpp"
#include "ssh/known_hosts.hpp"

namespace syncmanager::ssh {
namespace {

/// Makes file names out of what the settings say; why not, where only ssh can do that.
std::optional<std::string> expand_files(Settings& settings, const Environment& environment) {
  for (std::string& file : settings.identity_files) {
    std::optional<std::string> expanded = expand_file(file, settings, environment);
    if (!expanded) return "IdentityFile " + file;
    file = std::move(*expanded);
  }
  for (auto* const files : {&settings.user_known_hosts, &settings.global_known_hosts}) {
    for (std::string& file : *files) file = expand_home(file, environment);
  }
  return std::nullopt;
}

/// ssh -G prints a name with spaces as if it were several. The second of them would be looked for in a wrong place, and
/// new keys recorded under the first.
bool is_no_whole_name(const std::string& file) {
  return file != "none" && !std::filesystem::path(file).is_absolute();
}

/// Why libssh2 need not even try, or nothing.
std::optional<std::string> only_by_ssh(const Settings& settings, const std::vector<KnownHost>& known) {
  if (!settings.proxy_jump.empty()) return "ProxyJump " + settings.proxy_jump;
  if (!settings.proxy_command.empty()) return "ProxyCommand";
  if (!settings.certificate_files.empty()) return "CertificateFile " + settings.certificate_files.front();
  if (!settings.only_by_ssh.empty()) return settings.only_by_ssh.front();
  for (const auto* const files : {&settings.user_known_hosts, &settings.global_known_hosts}) {
    const auto part = std::ranges::find_if(*files, &is_no_whole_name);
    if (part != files->end()) return "a file of known hosts, " + *part + ", whose name is relative or has a space";
  }
  const std::string& name = settings.host_key_alias.empty() ? settings.host_name : settings.host_key_alias;
  const int port = settings.host_key_alias.empty() ? settings.port : 22;
  if (has_cert_authority(known, name, port)) return "@cert-authority for " + name;
  return std::nullopt;
}

}  // namespace

std::variant<SessionOptions, OnlyBySsh> session_setup(Settings settings, const Environment& environment) {
  if (const std::optional<std::string> why = expand_files(settings, environment)) return OnlyBySsh{*why};
  SessionOptions options;
  options.known_hosts = read_known_hosts(settings);
  if (const std::optional<std::string> why = only_by_ssh(settings, options.known_hosts)) return OnlyBySsh{*why};
  const std::optional<std::string> agent = agent_socket(settings, environment);
  if (!agent) return OnlyBySsh{"IdentityAgent " + settings.identity_agent};
  options.agent_socket = *agent;
  options.settings = std::move(settings);
  return options;
}

}  // namespace syncmanager::ssh
