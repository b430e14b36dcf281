#include "ssh/ssh_command.hpp"

#include <chrono>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::ssh {
namespace {

using Words = std::vector<std::string>;

void append(Words& words, Words more) {
  words.insert(words.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string quote_where_needed(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=";
  return !word.empty() && word.find_first_not_of(plain) == std::string::npos ? word : shell_quote(word);
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
  const Words words = split(options.ssh_command, " \t");
  return !words.empty() && std::filesystem::path(words.front()).filename() == "ssh";
}

std::vector<std::string> ssh_program(const Url& url, const ConnectOptions& options) {
  if (is_openssh(options)) return openssh(url, options, behaviour(options));
  // sh -c 'COMMAND "$@"' COMMAND [-p PORT] [USER@]HOST
  Words argv{"sh", "-c", options.ssh_command + " \"$@\"", options.ssh_command};
  if (url.port) append(argv, {"-p", std::to_string(*url.port)});
  argv.push_back(url.user.empty() ? url.host : url.user + '@' + url.host);
  return argv;
}

std::vector<std::string> ssh_settings_program(const Url& url, const ConnectOptions& options) {
  return openssh(url, options, {"-G", "-T"});
}

std::string ssh_command_for_git(const ConnectOptions& options) {
  if (!options.ssh_command.empty()) return options.ssh_command;
  std::string command = "ssh";
  for (const std::string& word : behaviour(options)) command += ' ' + quote_where_needed(word);
  if (!options.ssh_config.empty()) command += " -F " + quote_where_needed(options.ssh_config.string());
  return command;
}

std::string ssh_by_hand(const Url& url, const ConnectOptions& options) {
  std::string line = "ssh";
  if (!options.ssh_config.empty()) line += " -F " + quote_where_needed(options.ssh_config.string());
  if (url.port) line += fmt::format(" -p {}", *url.port);
  return line + ' ' + quote_where_needed(url.user.empty() ? url.host : url.user + '@' + url.host);
}

}  // namespace syncmanager::ssh
