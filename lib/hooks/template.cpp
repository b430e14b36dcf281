#include "hooks/template.hpp"

#include <string>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"
#include "hooks/hook_file.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

fs::path own_template(const Environment& environment) {
  return environment.config_home / "syncmanager" / "git-template";
}

/// git config --global ARGUMENTS…
Finished global(const Environment& environment, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"config", "--global"});
  return git::run_git(environment, "/", arguments);
}

void require(const Finished& git) {
  if (!git.ok()) throw Error(ErrorKind::failed, "git config --global: " + std::string(trim(git.err)));
}

/// Empty where it is not set.
fs::path set_template(const Environment& environment) {
  const Finished git = global(environment, {"--type=path", "--get", "init.templateDir"});
  constexpr int not_set = 1;
  if (git.status == not_set) return {};
  require(git);
  return std::string(trim(git.out));
}

}  // namespace

TemplateOutcome install_template(const fs::path& enqueue, const Environment& environment, bool dry_run) {
  const fs::path set = set_template(environment);
  TemplateOutcome outcome{.folder = set.empty() ? own_template(environment) : set, .changed = set.empty()};
  for (const queue::Event event : queue::all_events) {
    const HookPlace place{outcome.folder / "hooks", event, enqueue};
    if (state_of(place) == HookState::installed) continue;
    outcome.changed = true;
    if (!dry_run) install(place);
  }
  // Last: until then git makes repositories as before.
  if (set.empty() && !dry_run) require(global(environment, {"init.templateDir", outcome.folder.string()}));
  return outcome;
}

TemplateOutcome uninstall_template(const fs::path& enqueue, const Environment& environment, bool dry_run) {
  TemplateOutcome outcome{.folder = set_template(environment), .changed = false};
  if (outcome.folder.empty()) return outcome;
  const bool ours = outcome.folder == own_template(environment);
  if (ours && !dry_run) require(global(environment, {"--unset", "init.templateDir"}));
  for (const queue::Event event : queue::all_events) {
    const HookPlace place{outcome.folder / "hooks", event, enqueue};
    if (state_of(place) == HookState::missing) continue;
    outcome.changed = true;
    if (!dry_run) uninstall(place);
  }
  outcome.changed = outcome.changed || ours;
  std::error_code not_empty;
  if (ours && !dry_run && fs::remove(outcome.folder / "hooks", not_empty)) fs::remove(outcome.folder, not_empty);
  return outcome;
}

}  // namespace syncmanager::hooks
