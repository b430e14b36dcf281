#include "ssh/connect.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/child_channel.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/session.hpp"
#include "ssh/settings.hpp"

namespace syncmanager::ssh {
namespace {

using Words = std::vector<std::string>;

void append(Words& words, Words more) {
  words.insert(words.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// What tells ssh which server is meant: [-F FILE] [-p PORT] [-l USER] -- HOST
Words destination(const Url& url, const std::filesystem::path& ssh_config) {
  Words words;
  if (!ssh_config.empty()) append(words, {"-F", ssh_config.string()});
  if (url.port) append(words, {"-p", std::to_string(*url.port)});
  if (!url.user.empty()) append(words, {"-l", url.user});
  append(words, {"--", url.host});
  return words;
}

std::string quote_where_needed(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=";
  return !word.empty() && word.find_first_not_of(plain) == std::string::npos ? word : shell_quote(word);
}

/// As a person would type it.
std::string by_hand(const Url& url, const ConnectOptions& options) {
  std::string line = "ssh";
  if (!options.ssh_config.empty()) line += " -F " + quote_where_needed(options.ssh_config.string());
  if (url.port) line += fmt::format(" -p {}", *url.port);
  return line + ' ' + quote_where_needed(url.user.empty() ? url.host : url.user + '@' + url.host);
}

/// Whether $GIT_SSH_COMMAND starts OpenSSH, as far as one can see: only that takes its options.
bool starts_openssh(const std::string& ssh_command) {
  const Words words = split(ssh_command, " \t");
  return !words.empty() && std::filesystem::path(words.front()).filename() == "ssh";
}

/// -T -o BatchMode=yes -o ConnectTimeout=30 -o ControlMaster=no
Words behaviour(const ConnectOptions& options) {
  Words words{"-T"};
  if (!options.interactive) append(words, {"-o", "BatchMode=yes"});
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.timeout).count();
  // A master that runs is used, but a channel of ours must not become one: it would wait for all the others.
  append(words, {"-o", fmt::format("ConnectTimeout={}", seconds), "-o", "ControlMaster=no"});
  return words;
}

/// ssh -G [-F FILE] [-p PORT] [-l USER] -- HOST
Settings read_settings(const Url& url, const Environment& environment, const ConnectOptions& options) {
  Words argv{"ssh", "-G", "-T"};
  append(argv, destination(url, options.ssh_config));
  const Finished finished = run({argv, environment.variables, {}}, "", options.timeout);
  if (finished.ok()) return parse_settings(finished.out);
  const std::vector<std::string_view> lines = lines_of(finished.err);
  throw Error(ErrorKind::failed,
              fmt::format("cannot read the ssh configuration for {}: {}", url.host,
                          lines.empty() ? "ssh -G failed" : trim(lines.front())),
              "correct the ssh configuration");
}

std::string agent_socket(const Settings& settings, const Environment& environment) {
  const std::string& agent = settings.identity_agent;
  if (agent.empty() || agent == "SSH_AUTH_SOCK") return environment.ssh_auth_sock;
  if (agent == "none") return {};
  if (!agent.starts_with('$')) return expand_home(agent, environment);
  const std::string name = agent.substr(1) + '=';
  for (const std::string& variable : environment.variables) {
    if (variable.starts_with(name)) return variable.substr(name.size());
  }
  return {};
}

std::vector<KnownHost> read_known_hosts(const Settings& settings) {
  std::vector<KnownHost> known;
  for (const Words* const files : {&settings.user_known_hosts, &settings.global_known_hosts}) {
    for (const std::string& file : *files) {
      if (file == "none" || !std::filesystem::is_regular_file(file)) continue;
      std::vector<KnownHost> more = parse_known_hosts(read_file(file).value_or(""), file);
      known.insert(known.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
  }
  return known;
}

/// Makes file names out of what the settings say; why not, where only ssh can do that.
std::optional<std::string> expand_files(Settings& settings, const Environment& environment) {
  for (std::string& file : settings.identity_files) {
    std::optional<std::string> expanded = expand_file(file, settings, environment);
    if (!expanded) return "IdentityFile " + file;
    file = std::move(*expanded);
  }
  for (Words* const files : {&settings.user_known_hosts, &settings.global_known_hosts}) {
    for (std::string& file : *files) file = expand_home(file, environment);
  }
  return std::nullopt;
}

/// Why libssh2 need not even try, or nothing.
std::optional<std::string> only_by_ssh(const Settings& settings, const std::vector<KnownHost>& known) {
  if (!settings.proxy_jump.empty()) return "ProxyJump " + settings.proxy_jump;
  if (!settings.proxy_command.empty()) return "ProxyCommand";
  if (!settings.certificate_files.empty()) return "CertificateFile " + settings.certificate_files.front();
  if (!settings.only_by_ssh.empty()) return settings.only_by_ssh.front();
  const std::string& name = settings.host_key_alias.empty() ? settings.host_name : settings.host_key_alias;
  const int port = settings.host_key_alias.empty() ? settings.port : 22;
  if (has_cert_authority(known, name, port)) return "@cert-authority for " + name;
  return std::nullopt;
}

class Connector {
 public:
  Connector(const Url& url, const Environment& environment, const ConnectOptions& options)
      : url_(url), environment_(environment), options_(options) {}

  std::unique_ptr<Connection> by_shell() const {
    ChildSetup setup;
    setup.environment = environment_.variables;
    setup.name = "this computer";
    setup.silence = options_.timeout;
    return std::make_unique<ChildConnection>(std::move(setup), Words{"sh", "-c"});
  }

  std::unique_ptr<Connection> by_ssh(const std::string& why, const std::string& hint) const {
    note(fmt::format("{}: through ssh: {}", url_.host, why));
    ChildSetup setup;
    setup.environment = environment_.variables;
    setup.name = url_.host;
    setup.silence = options_.timeout;
    setup.interactive = options_.interactive;
    setup.is_ssh = true;
    setup.login_hint = hint.empty() ? fmt::format("try it by hand: {}", by_hand(url_, options_)) : hint;
    return std::make_unique<ChildConnection>(std::move(setup), ssh_program(url_, options_));
  }

  /// By libssh2, or by ssh where that can't do it.
  std::unique_ptr<Connection> by_the_settings() const {
    SessionOptions session;
    session.settings = read_settings(url_, environment_, options_);
    if (const std::optional<std::string> why = expand_files(session.settings, environment_)) return by_ssh(*why, {});
    session.known_hosts = read_known_hosts(session.settings);
    if (const std::optional<std::string> why = only_by_ssh(session.settings, session.known_hosts)) {
      return by_ssh(*why, {});
    }
    session.agent_socket = agent_socket(session.settings, environment_);
    session.silence = options_.timeout;
    session.interactive = options_.interactive;
    session.name = url_.host;
    session.by_hand = by_hand(url_, options_);
    if (options_.note) session.note = options_.note;
    try {
      return open_session(session);
    } catch (const Unsupported& unsupported) {
      return by_ssh(unsupported.why, unsupported.hint);
    }
  }

 private:
  void note(const std::string& text) const {
    if (options_.note) options_.note(text);
  }

  const Url& url_;
  const Environment& environment_;
  const ConnectOptions& options_;
};

}  // namespace

std::unique_ptr<Connection> connect(const Url& url, const Environment& environment, const ConnectOptions& options) {
  const Connector connector(url, environment, options);
  switch (url.scheme) {
    case Scheme::local: return connector.by_shell();
    case Scheme::ssh:
      if (options.ssh_command.empty()) return connector.by_the_settings();
      return connector.by_ssh("GIT_SSH_COMMAND is set", {});
    case Scheme::http:
    case Scheme::https: break;
  }
  throw Error(ErrorKind::failed, fmt::format("cannot run commands on {}: it is no ssh server", url.host));
}

std::vector<std::string> ssh_program(const Url& url, const ConnectOptions& options) {
  if (options.ssh_command.empty()) {
    Words argv{"ssh"};
    append(argv, behaviour(options));
    append(argv, destination(url, options.ssh_config));
    return argv;
  }
  // sh -c 'COMMAND "$@"' COMMAND …: as git does it; the command brings its own configuration.
  Words argv{"sh", "-c", options.ssh_command + " \"$@\"", options.ssh_command};
  if (starts_openssh(options.ssh_command)) {
    append(argv, behaviour(options));
    append(argv, destination(url, {}));
  } else {
    if (url.port) append(argv, {"-p", std::to_string(*url.port)});
    argv.push_back(url.user.empty() ? url.host : url.user + '@' + url.host);
  }
  return argv;
}

std::string ssh_command_for_git(const ConnectOptions& options) {
  if (!options.ssh_command.empty()) return options.ssh_command;
  std::string command = "ssh";
  for (const std::string& word : behaviour(options)) command += ' ' + quote_where_needed(word);
  if (!options.ssh_config.empty()) command += " -F " + quote_where_needed(options.ssh_config.string());
  return command;
}

}  // namespace syncmanager::ssh
