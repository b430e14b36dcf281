#include "ssh/ssh_command.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::ssh {
namespace {

using Words = std::vector<std::string>;

std::string quote_where_needed(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=";
  return !word.empty() && word.find_first_not_of(plain) == std::string::npos ? word : shell_quote(word);
}

/// The program that the shell would start, where that is plain to see: no variables, no assignments before it.
std::string_view first_word(std::string_view command) {
  command = trim(command);
  const bool quoted = command.starts_with('\'') || command.starts_with('"');
  const std::string_view end = quoted ? command.substr(0, 1) : " \t";
  if (quoted) command.remove_prefix(1);
  return command.substr(0, command.find_first_of(end));
}

// A master of ours that nobody talks to any more ends by itself: we may have been killed.
constexpr std::string_view seconds_alone = "5";

long long whole_seconds(std::chrono::milliseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(time).count();
}

/// -T -o ForwardAgent=no -o ForwardX11=no -o ClearAllForwardings=yes -o BatchMode=yes -o ConnectTimeout=30 …
/// -o ServerAliveInterval=10 -o ServerAliveCountMax=2
Words behaviour(const ConnectOptions& options) {
  // What the user's configuration forwards is for the user's logins: our commands have no use for it, the server none
  // for the agent, and one port can be forwarded only once.
  Words words{"-T", "-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "ClearAllForwardings=yes"};
  if (!options.interactive) append(words, {"-o", "BatchMode=yes"});
  if (options.without_agent) append(words, {"-o", "IdentityAgent=none"});
  append(words, {"-o", fmt::format("ConnectTimeout={}", whole_seconds(options.timeout))});
  // A line that is dead is given up at the third turn; a server that answers may be busy for as long as it likes.
  constexpr int questions = 2;
  append(words, {"-o", fmt::format("ServerAliveInterval={}", whole_seconds(options.timeout / (questions + 1))), "-o",
                 fmt::format("ServerAliveCountMax={}", questions)});
  return words;
}

/// -o ControlMaster=yes -o ControlPersist=5
Words mastership() {
  return {"-o", "ControlMaster=yes", "-o", fmt::format("ControlPersist={}", seconds_alone)};
}

// A master that runs is used, but a channel of ours must not become one: it would wait for all the others.
Words no_mastership() {
  return {"-o", "ControlMaster=no"};
}

/// ssh WORDS [-F FILE] [-p PORT] [-l USER] -- HOST
/// sh -c 'COMMAND "$@"' COMMAND WORDS [-p PORT] [-l USER] -- HOST: as git does it; the command brings its
/// configuration.
Words openssh(const Url& url, const ConnectOptions& options, Words words) {
  Words argv{"ssh"};
  if (!options.ssh_command.empty()) argv = {"sh", "-c", options.ssh_command + " \"$@\"", options.ssh_command};
  append(argv, std::move(words));
  if (options.ssh_command.empty() && !options.ssh_config.empty()) append(argv, {"-F", options.ssh_config.string()});
  if (url.port) append(argv, {"-p", std::to_string(*url.port)});
  if (!url.user.empty()) append(argv, {"-l", url.user});
  append(argv, {"--", url.host});
  return argv;
}

}  // namespace

bool is_openssh(const ConnectOptions& options) {
  if (options.ssh_command.empty()) return true;
  return std::filesystem::path(first_word(options.ssh_command)).filename() == "ssh";
}

std::vector<std::string> ssh_program(const Url& url, const ConnectOptions& options, const std::string& socket) {
  if (is_openssh(options)) {
    Words words = behaviour(options);
    append(words, no_mastership());
    if (!socket.empty()) append(words, {"-S", socket});
    return openssh(url, options, std::move(words));
  }
  // sh -c 'COMMAND "$@"' COMMAND [-p PORT] [USER@]HOST
  Words argv{"sh", "-c", options.ssh_command + " \"$@\"", options.ssh_command};
  if (url.port) append(argv, {"-p", std::to_string(*url.port)});
  argv.push_back(url.user.empty() ? url.host : url.user + '@' + url.host);
  return argv;
}

/// ssh -G -T …
std::vector<std::string> ssh_settings_program(const Url& url, const ConnectOptions& options) {
  Words words{"-G", "-T"};
  if (!options.ssh_command.empty()) append(words, mastership());
  return openssh(url, options, std::move(words));
}

bool becomes_master(const Settings& settings) {
  const std::string& master = settings.control_master;
  return (master == "true" || master == "yes" || master == "auto") && settings.control_persist == seconds_alone;
}

/// ssh -T … -N -S SOCKET -o ControlMaster=yes -o ControlPersist=5 …
std::vector<std::string> ssh_master_program(const Url& url, const ConnectOptions& options, const std::string& socket) {
  // Without -f: ControlPersist sends it to the background, but only where it really listens at the socket.
  Words words = behaviour(options);
  append(words, {"-N", "-S", socket});
  append(words, mastership());
  return openssh(url, options, std::move(words));
}

std::string ssh_command_for_programs(const ConnectOptions& options, const std::string& socket) {
  const bool plain = options.ssh_command.empty();
  std::string command = plain ? "ssh" : options.ssh_command;
  Words words = plain ? behaviour(options) : Words();
  if (plain || !socket.empty()) append(words, no_mastership());
  if (!socket.empty()) append(words, {"-S", socket});
  if (plain && !options.ssh_config.empty()) append(words, {"-F", options.ssh_config.string()});
  for (const std::string& word : words) command += ' ' + quote_where_needed(word);
  return command;
}

std::string ssh_by_hand(const Url& url, const ConnectOptions& options) {
  std::string line = "ssh";
  if (!options.ssh_config.empty()) line += " -F " + quote_where_needed(options.ssh_config.string());
  if (url.port) line += fmt::format(" -p {}", *url.port);
  return line + ' ' + quote_where_needed(url.user.empty() ? url.host : url.user + '@' + url.host);
}

}  // namespace syncmanager::ssh
