#include "hooks/install.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/escape.hpp"
#include "git/git_command.hpp"
#include "hooks/configured.hpp"
#include "hooks/hook_file.hpp"
#include "hooks/hook_folder.hpp"
#include "hooks/hook_text.hpp"
#include "sync/run_here.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

constexpr std::array events = {queue::Event::commit, queue::Event::checkout, queue::Event::merge,
                               queue::Event::rewrite};
constexpr const char* only_git = "only git projects have hooks";

/// The hooks of one repository, wherever this git has them.
class Hooks {
 public:
  Hooks(const Environment& environment, const git::Repository& repository, const fs::path& enqueue)
      : environment_(environment),
        repository_(repository),
        enqueue_(enqueue),
        configured_(has_configured_hooks(git::run_git(environment, repository.folder(), {"--version"}).out)),
        folder_(hook_folder(environment, repository)) {}

  /// Another folder than the repository's own has the hooks: nobody asked to write there.
  [[nodiscard]] bool blocked() const { return !configured_ && !folder_.set_by.empty(); }
  [[nodiscard]] const HookFolder& folder() const { return folder_; }
  [[nodiscard]] std::string where() const {
    return configured_ ? "the repository's configuration" : folder_.path.lexically_normal().string();
  }

  [[nodiscard]] HookState state(queue::Event event) const {
    return configured_ ? state_of(configured(event)) : state_of(file(event));
  }

  /// One in a file is moved over where git has them in its configuration: it would be called twice.
  void install(queue::Event event) const {
    if (!configured_) return hooks::install(file(event));
    hooks::install(configured(event));
    if (folder_.set_by.empty()) hooks::uninstall(file(event));
  }

  /// From both places: git may have been another one when it was installed.
  void uninstall(queue::Event event) const {
    hooks::uninstall(configured(event));
    if (folder_.set_by.empty()) hooks::uninstall(file(event));
  }

  /// Whether anything of ours is left in either place.
  [[nodiscard]] bool is_anywhere(queue::Event event) const {
    const bool in_file = folder_.set_by.empty() && state_of(file(event)) != HookState::missing;
    return in_file || state_of(configured(event)) != HookState::missing;
  }

 private:
  [[nodiscard]] HookPlace file(queue::Event event) const { return {folder_.path, event, enqueue_}; }
  [[nodiscard]] ConfiguredHook configured(queue::Event event) const {
    return {environment_, repository_, event, enqueue_};
  }

  const Environment& environment_;
  const git::Repository& repository_;
  const fs::path& enqueue_;
  const bool configured_;
  const HookFolder folder_;
};

bool is_wanted(const Project& project, queue::Event event) {
  return std::ranges::find(project.hooks, to_string(event)) != project.hooks.end();
}

std::string names_of(const std::vector<queue::Event>& some) {
  std::vector<std::string> names;
  for (const queue::Event event : some) names.push_back(hook_name(event));
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The command that gives a repository its own hooks, or the line that the folder's owner can add.
void tell_blocked(const Hooks& hooks, const git::Repository& repository, ProjectOutcome& outcome) {
  outcome.status = Status::attention;
  outcome.message = fmt::format("git looks for its hooks in {}, not in the repository: core.hooksPath in {}",
                                hooks.where(), hooks.folder().set_by);
  outcome.hint = fmt::format(
      "to let this repository have hooks of its own instead: git -C {} config core.hooksPath {}; or put the scripts of "
      "sync-hooks(1), CHAINING, into that folder",
      shell_word(outcome.path), shell_word((repository.git_folder() / "hooks").lexically_normal().string()));
}

void add_line(ProjectOutcome& outcome, const std::string& what, const std::vector<queue::Event>& some,
              const std::string& where) {
  if (some.empty()) return;
  if (!outcome.message.empty()) outcome.message += '\n';
  outcome.message += fmt::format("{}: {} {}", what, names_of(some), where);
}

void install_one(const Hooks& hooks, const Project& project, const git::Repository& repository, bool dry_run,
                 ProjectOutcome& outcome) {
  if (hooks.blocked() && !project.hooks.empty()) return tell_blocked(hooks, repository, outcome);
  std::vector<queue::Event> installed;
  std::vector<queue::Event> removed;
  for (const queue::Event event : events) {
    if (is_wanted(project, event)) {
      if (hooks.state(event) == HookState::installed) continue;
      if (!dry_run) hooks.install(event);
      installed.push_back(event);
    } else if (hooks.is_anywhere(event)) {
      if (!dry_run) hooks.uninstall(event);
      removed.push_back(event);
    }
  }
  add_line(outcome, "installed", installed, "in " + hooks.where());
  add_line(outcome, "removed", removed, "from " + hooks.where());
}

void uninstall_one(const Hooks& hooks, bool dry_run, ProjectOutcome& outcome) {
  std::vector<queue::Event> removed;
  for (const queue::Event event : events) {
    if (!hooks.is_anywhere(event)) continue;
    if (!dry_run) hooks.uninstall(event);
    removed.push_back(event);
  }
  add_line(outcome, "removed", removed, "from " + hooks.where());
}

void tell_status(const Hooks& hooks, const Project& project, const git::Repository& repository,
                 ProjectOutcome& outcome) {
  std::vector<queue::Event> installed;
  std::vector<queue::Event> lacking;
  std::vector<queue::Event> unwanted;
  for (const queue::Event event : events) {
    const HookState state = hooks.state(event);
    const bool wanted = is_wanted(project, event);
    if (state == HookState::installed && wanted) installed.push_back(event);
    if (state != HookState::installed && wanted) lacking.push_back(event);
    if (state != HookState::missing && !wanted) unwanted.push_back(event);
  }
  const bool none = installed.empty() && unwanted.empty() && std::ranges::all_of(lacking, [&](queue::Event event) {
                      return hooks.state(event) == HookState::missing;
                    });
  if (none && hooks.blocked()) return tell_blocked(hooks, repository, outcome);
  if (none) {
    outcome.message = project.hooks.empty() ? "no hooks: hooks is empty in the conf file" : "no hooks installed";
  } else if (lacking.empty() && unwanted.empty()) {
    outcome.message = names_of(installed) + " in " + hooks.where();
  } else {
    outcome.status = Status::attention;
    if (!installed.empty()) outcome.message = names_of(installed) + " in " + hooks.where();
    add_line(outcome, "missing, outdated or switched off", lacking, "in " + hooks.where());
    add_line(outcome, "not in the conf file", unwanted, "in " + hooks.where());
    outcome.hint = "sync-hooks install " + shell_word(project.name);
  }
}

}  // namespace

RunReport install_hooks(const sync::LocalRequest& request, const fs::path& enqueue, const Environment& environment) {
  return sync::run_here(request, environment, only_git, sync::NotCloned::fails,
                        [&](const Project& project, const git::Repository& repository, ProjectOutcome& outcome) {
                          install_one(Hooks(environment, repository, enqueue), project, repository, request.dry_run,
                                      outcome);
                        });
}

RunReport uninstall_hooks(const sync::LocalRequest& request, const fs::path& enqueue, const Environment& environment) {
  return sync::run_here(request, environment, only_git, sync::NotCloned::is_fine,
                        [&](const Project& /*project*/, const git::Repository& repository, ProjectOutcome& outcome) {
                          uninstall_one(Hooks(environment, repository, enqueue), request.dry_run, outcome);
                        });
}

RunReport hooks_status(const sync::LocalRequest& request, const fs::path& enqueue, const Environment& environment) {
  return sync::run_here(request, environment, only_git, sync::NotCloned::is_fine,
                        [&](const Project& project, const git::Repository& repository, ProjectOutcome& outcome) {
                          tell_status(Hooks(environment, repository, enqueue), project, repository, outcome);
                        });
}

}  // namespace syncmanager::hooks
