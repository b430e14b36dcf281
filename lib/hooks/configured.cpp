#include "hooks/configured.hpp"

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"
#include "hooks/hook_text.hpp"

namespace syncmanager::hooks {

namespace {

std::string section_of(const ConfiguredHook& hook) {
  return "hook.sync-" + std::string(to_string(hook.event));
}

/// git hands it to a shell, with the hook's arguments behind it, which the last `:` takes: the status of post-checkout
/// would be that of git checkout. It is silent where the program has gone.
std::string command_of(const ConfiguredHook& hook) {
  const std::string program = shell_quote(hook.enqueue.string());
  return "if [ \"${SYNC_HOOKS-}\" != 0 ] && [ -x " + program + " ]; then " + program + " " +
         std::string(to_string(hook.event)) + " \"$@\" </dev/null || :; fi; :";
}

/// git -C FOLDER config --local ARGUMENTS…
Finished config(const ConfiguredHook& hook, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"config", "--local"});
  return git::run_git(hook.environment, hook.repository.folder(), arguments);
}

void require(const ConfiguredHook& hook, const Finished& git) {
  if (git.ok()) return;
  throw Error(ErrorKind::failed,
              "git config in " + hook.repository.folder().string() + ": " + std::string(trim(git.err)));
}

std::string value_of(const ConfiguredHook& hook, const std::string& key) {
  const Finished git = config(hook, {"--get", section_of(hook) + "." + key});
  constexpr int not_set = 1;
  if (git.status == not_set) return {};
  require(hook, git);
  return std::string(trim(git.out));
}

}  // namespace

bool has_configured_hooks(std::string_view printed) {
  // git version 2.54.0
  const std::vector<std::string> words = split(trim(printed), " .");
  constexpr std::size_t least_words = 4;
  if (words.size() < least_words) return false;
  constexpr unsigned long most = 1000;
  const auto major = parse_number(words[2], most);
  const auto minor = parse_number(words[3], most);
  constexpr unsigned long first_major = 2;
  constexpr unsigned long first_minor = 54;
  return major && minor && (*major > first_major || (*major == first_major && *minor >= first_minor));
}

bool is_configured(const Environment& environment, const git::Repository& repository) {
  const ConfiguredHook any{environment, repository, queue::Event::commit, {}};
  const Finished git = config(any, {"--get-regexp", "^hook\\.sync-(commit|checkout|merge|rewrite)\\."});
  constexpr int none = 1;
  if (git.status != none) require(any, git);
  return git.ok();
}

HookState state_of(const ConfiguredHook& hook) {
  const std::string command = value_of(hook, "command");
  if (command.empty()) return HookState::missing;
  const bool right = command == command_of(hook) && value_of(hook, "event") == hook_name(hook.event);
  return right ? HookState::installed : HookState::outdated;
}

void install(const ConfiguredHook& hook) {
  require(hook, config(hook, {section_of(hook) + ".event", hook_name(hook.event)}));
  require(hook, config(hook, {section_of(hook) + ".command", command_of(hook)}));
}

void uninstall(const ConfiguredHook& hook) {
  if (value_of(hook, "command").empty() && value_of(hook, "event").empty()) return;
  require(hook, config(hook, {"--remove-section", section_of(hook)}));
}

}  // namespace syncmanager::hooks
