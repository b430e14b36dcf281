#include "ssh/settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace syncmanager::ssh {
namespace {

[[noreturn]] void refuse(std::string_view keyword, std::string_view value, std::string_view expected) {
  throw Error(ErrorKind::failed, fmt::format("ssh -G printed '{} {}': expected {}", keyword, value, expected),
              "check the ssh configuration with ssh -G HOST");
}

bool parse_bool(std::string_view keyword, std::string_view value) {
  if (value == "yes" || value == "true") return true;
  if (value == "no" || value == "false") return false;
  refuse(keyword, value, "yes or no");
}

int parse_port(std::string_view keyword, std::string_view value) {
  const std::optional<unsigned long> port = parse_number(value, 65535);
  if (!port || *port == 0) refuse(keyword, value, "a number from 1 to 65535");
  return static_cast<int>(*port);
}

HostKeyPolicy parse_policy(std::string_view keyword, std::string_view value) {
  if (value == "ask" || value == "yes" || value == "true") return HostKeyPolicy::ask;
  if (value == "accept-new") return HostKeyPolicy::accept_new;
  if (value == "no" || value == "off" || value == "false") return HostKeyPolicy::off;
  refuse(keyword, value, "ask, yes, no or accept-new");
}

std::optional<std::chrono::milliseconds> parse_timeout(std::string_view keyword, std::string_view value) {
  if (value == "none") return std::nullopt;
  const std::optional<unsigned long> seconds = parse_number(value, 1'000'000);
  if (!seconds) refuse(keyword, value, "none or a number of seconds");
  if (*seconds == 0) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

/// Keywords that change who may log in how, or which host key counts, in ways that only ssh knows; with the values
/// that ask for nothing.
bool needs_ssh(std::string_view keyword, std::string_view value) {
  struct Harmless {
    std::string_view keyword;
    std::array<std::string_view, 2> values;
  };
  static constexpr std::array<Harmless, 12> table{{
      {"addressfamily", {"any", ""}},
      {"bindaddress", {"none", ""}},
      {"bindinterface", {"none", ""}},
      {"checkhostip", {"no", "false"}},
      {"hostbasedauthentication", {"no", "false"}},
      {"knownhostscommand", {"none", ""}},
      {"nohostauthenticationforlocalhost", {"no", "false"}},
      {"permitlocalcommand", {"no", "false"}},
      {"pkcs11provider", {"none", ""}},
      {"pubkeyauthentication", {"yes", "true"}},
      {"revokedhostkeys", {"none", ""}},
      {"verifyhostkeydns", {"no", "false"}},
  }};
  if (keyword == "preferredauthentications") {
    const std::vector<std::string> methods = split(value, ",");
    return std::find(methods.begin(), methods.end(), "publickey") == methods.end();
  }
  for (const Harmless& row : table) {
    if (row.keyword == keyword) return std::find(row.values.begin(), row.values.end(), value) == row.values.end();
  }
  return false;
}

/// Keywords by the kind of value that they hold.
constexpr std::array<std::pair<std::string_view, std::string Settings::*>, 8> texts{{
    {"hostname", &Settings::host_name},
    {"user", &Settings::user},
    {"hostkeyalias", &Settings::host_key_alias},
    {"proxyjump", &Settings::proxy_jump},
    {"proxycommand", &Settings::proxy_command},
    {"controlpath", &Settings::control_path},
    {"controlmaster", &Settings::control_master},
    {"controlpersist", &Settings::control_persist},
}};
constexpr std::array<std::pair<std::string_view, bool Settings::*>, 3> switches{{
    {"identitiesonly", &Settings::identities_only},
    {"hashknownhosts", &Settings::hash_known_hosts},
    {"gssapiauthentication", &Settings::gssapi},
}};
using ListMember = std::vector<std::string> Settings::*;
constexpr std::array<std::pair<std::string_view, ListMember>, 2> file_lists{{
    {"userknownhostsfile", &Settings::user_known_hosts},
    {"globalknownhostsfile", &Settings::global_known_hosts},
}};
constexpr std::array<std::pair<std::string_view, ListMember>, 6> algorithm_lists{{
    {"pubkeyacceptedalgorithms", &Settings::public_key_algorithms},
    {"pubkeyacceptedkeytypes", &Settings::public_key_algorithms},  // its name before OpenSSH 8.5
    {"hostkeyalgorithms", &Settings::host_key_algorithms},
    {"kexalgorithms", &Settings::key_exchanges},
    {"ciphers", &Settings::ciphers},
    {"macs", &Settings::macs},
}};
/// One value a line, and any number of lines.
constexpr std::array<std::pair<std::string_view, ListMember>, 3> repeated{{
    {"identityfile", &Settings::identity_files},
    {"certificatefile", &Settings::certificate_files},
    {"sendenv", &Settings::send_env},
}};

/// The member that a table has for the keyword, or null.
template <class Table>
auto member_for(const Table& table, std::string_view keyword) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.first == keyword; });
  return row == table.end() ? nullptr : row->second;
}

void read_value(Settings& settings, std::string_view keyword, std::string_view value) {
  if (const auto text = member_for(texts, keyword)) {
    settings.*text = value == "none" ? "" : value;
  } else if (const auto on = member_for(switches, keyword)) {
    settings.*on = parse_bool(keyword, value);
  } else if (const auto files = member_for(file_lists, keyword)) {
    settings.*files = split(value, " ");
  } else if (const auto algorithms = member_for(algorithm_lists, keyword)) {
    settings.*algorithms = split(value, ",");
  } else if (const auto more = member_for(repeated, keyword)) {
    if (value != "none") (settings.*more).emplace_back(value);
  } else if (keyword == "identityagent") {
    settings.identity_agent = value;
  } else if (keyword == "port") {
    settings.port = parse_port(keyword, value);
  } else if (keyword == "stricthostkeychecking") {
    settings.host_keys = parse_policy(keyword, value);
  } else if (keyword == "connecttimeout") {
    settings.connect_timeout = parse_timeout(keyword, value);
  } else if (needs_ssh(keyword, value)) {
    settings.only_by_ssh.push_back(fmt::format("{} {}", keyword, value));
  }
}

/// The text that a token of ssh_config(5) stands for, or nothing for one that only ssh can replace.
std::optional<std::string> token_value(char token, const Settings& settings, const Environment& environment) {
  switch (token) {
    case '%': return "%";
    case 'd': return environment.home.string();
    case 'h': return settings.host_name;
    case 'i': return std::to_string(getuid());
    case 'p': return std::to_string(settings.port);
    case 'r': return settings.user;
    case 'u': return environment.user;
    default: return std::nullopt;
  }
}

}  // namespace

Settings parse_settings(std::string_view text) {
  Settings settings;
  for (const std::string_view line : lines_of(text)) {
    const std::string_view whole = trim(line);
    const std::size_t space = std::min(whole.find(' '), whole.size());
    read_value(settings, lower_case(whole.substr(0, space)), trim(whole.substr(space)));
  }
  if (settings.host_name.empty()) {
    throw Error(ErrorKind::failed, "ssh -G printed no host name", "check the ssh configuration with ssh -G HOST");
  }
  return settings;
}

std::optional<std::string> expand_file(const std::string& file, const Settings& settings,
                                       const Environment& environment) {
  std::string expanded;
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::optional<std::string> value;
    if (file[at] == '%') {
      if (++at == file.size()) return std::nullopt;
      value = token_value(file[at], settings, environment);
    } else if (file.compare(at, 2, "${") == 0) {
      const std::size_t begin = at + 2;
      at = std::min(file.find('}', begin), file.size());
      value = environment.variable(file.substr(begin, at - begin));
    } else {
      value = std::string(1, file[at]);
    }
    if (!value) return std::nullopt;
    expanded += *value;
  }
  return expand_home(expanded, environment);
}

}  // namespace syncmanager::ssh
