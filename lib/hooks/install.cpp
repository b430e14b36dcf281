#include "hooks/install.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/escape.hpp"
#include "hooks/hook_file.hpp"
#include "hooks/hook_text.hpp"
#include "hooks/repository_hooks.hpp"
#include "queue/token.hpp"
#include "sync/run_here.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

constexpr const char* only_git = "only git projects have hooks";

/// Several projects may share a folder, with other servers: what any of them lists.
using Wanted = std::set<std::string, std::less<>>;

Wanted wanted_in(const fs::path& folder, const std::vector<Project>& projects) {
  Wanted wanted;
  for (const Project& project : projects) {
    if (project.path == folder) wanted.insert(project.hooks.begin(), project.hooks.end());
  }
  return wanted;
}

std::string names_of(const std::vector<queue::Event>& some) {
  std::vector<std::string> names;
  for (const queue::Event event : some) names.push_back(hook_name(event));
  return fmt::format("{}", fmt::join(names, ", "));
}

bool all_installed(const RepositoryHooks& hooks, const Wanted& wanted) {
  return std::ranges::all_of(queue::all_events, [&](queue::Event event) {
    return !wanted.contains(to_string(event)) || hooks.state(event) == HookState::installed;
  });
}

/// What the person can do: give the repository hooks of its own, or add the line.
void tell_blocked(const RepositoryHooks& hooks, ProjectOutcome& outcome) {
  outcome.status = Status::attention;
  outcome.message = fmt::format("git looks for its hooks in {}, which is not this repository's alone: {}",
                                hooks.where(), hooks.folder().foreign);
  const bool own_place = hooks.folder().path == hooks.own_folder();
  const std::string away =
      own_place
          ? "to let this repository have hooks of its own instead: put a folder in the place of the link"
          : fmt::format("to let this repository have hooks of its own instead: git -C {} config core.hooksPath {}",
                        shell_word(outcome.path), shell_word(hooks.own_folder().string()));
  outcome.hint = away;
  std::error_code ignored;
  if (!fs::is_directory(hooks.folder().path, ignored)) return;  // all hooks are switched off so
  outcome.hint += fmt::format("; to keep that folder: add to {} in it: {}",
                              names_of({queue::all_events.begin(), queue::all_events.end()}), hooks.line_by_hand());
}

void add_line(ProjectOutcome& outcome, const std::string& what, const std::vector<queue::Event>& some,
              const std::string& where) {
  if (some.empty()) return;
  if (!outcome.message.empty()) outcome.message += '\n';
  outcome.message += fmt::format("{}: {} {}", what, names_of(some), where);
}

void install_one(const RepositoryHooks& hooks, const Wanted& wanted, bool dry_run, ProjectOutcome& outcome) {
  if (hooks.blocked() && !all_installed(hooks, wanted)) return tell_blocked(hooks, outcome);
  std::vector<queue::Event> installed;
  std::vector<queue::Event> removed;
  for (const queue::Event event : queue::all_events) {
    const bool there = hooks.state(event) != HookState::missing && !hooks.blocked();
    if (wanted.contains(to_string(event)) && !hooks.blocked()) {
      if (hooks.state(event) == HookState::installed && !hooks.stranded(event)) continue;
      if (!dry_run) hooks.install(event);
      installed.push_back(event);
    } else if (there || hooks.stranded(event)) {
      if (!dry_run) hooks.uninstall(event);
      removed.push_back(event);
    }
  }
  add_line(outcome, "installed", installed, "in " + hooks.where());
  add_line(outcome, "removed", removed, "from " + (hooks.blocked() ? hooks.own_folder().string() : hooks.where()));
}

void uninstall_one(const RepositoryHooks& hooks, bool dry_run, ProjectOutcome& outcome) {
  std::vector<queue::Event> removed;
  for (const queue::Event event : queue::all_events) {
    const bool there = hooks.state(event) != HookState::missing && !hooks.blocked();
    if (there || hooks.stranded(event)) removed.push_back(event);
    if (!dry_run) hooks.uninstall(event);  // also what a kill has left
  }
  add_line(outcome, "removed", removed, "from " + (hooks.blocked() ? hooks.own_folder().string() : hooks.where()));
}

/// How the hooks of a repository stand, by what is to be done about them.
struct Standing {
  std::vector<queue::Event> installed;
  std::vector<queue::Event> lacking;
  std::vector<queue::Event> outdated;
  std::vector<queue::Event> switched_off;
  std::vector<queue::Event> lost;
  std::vector<queue::Event> unwanted;
};

Standing standing_of(const RepositoryHooks& hooks, const Wanted& wanted) {
  Standing standing;
  for (const queue::Event event : queue::all_events) {
    const HookState state = hooks.state(event);
    const bool stranded = hooks.stranded(event);
    if (!wanted.contains(to_string(event))) {
      if (stranded || (state != HookState::missing && !hooks.blocked())) standing.unwanted.push_back(event);
      continue;
    }
    switch (state) {
      case HookState::missing: (stranded ? standing.lost : standing.lacking).push_back(event); break;
      case HookState::installed: standing.installed.push_back(event); break;
      case HookState::outdated: standing.outdated.push_back(event); break;
      case HookState::switched_off: standing.switched_off.push_back(event); break;
    }
  }
  return standing;
}

void tell_status(const RepositoryHooks& hooks, const Wanted& wanted, const fs::path& enqueue, ProjectOutcome& outcome) {
  if (hooks.blocked() && !all_installed(hooks, wanted)) return tell_blocked(hooks, outcome);
  const Standing standing = standing_of(hooks, wanted);
  const std::string where = hooks.where();
  const bool troubled = !standing.outdated.empty() || !standing.switched_off.empty() || !standing.lost.empty() ||
                        !standing.unwanted.empty();
  if (standing.installed.empty() && !troubled) {
    outcome.message = wanted.empty() ? "no hooks: the conf file lists none" : "no hooks installed";
    return;
  }
  if (!standing.installed.empty()) outcome.message = names_of(standing.installed) + " in " + where;
  if (!fs::exists(enqueue)) {
    outcome.status = Status::attention;
    outcome.message += "\nthe program that they call is missing: " + enqueue.string();
    outcome.hint = "install the programs again";
    return;
  }
  if (!troubled && standing.lacking.empty()) return;
  outcome.status = Status::attention;
  add_line(outcome, "missing", standing.lacking, "in " + where);
  add_line(outcome, "lost", standing.lost, "since git looks in " + where);
  add_line(outcome, "calling another program", standing.outdated, "in " + where);
  add_line(outcome, "not executable", standing.switched_off, "in " + where);
  add_line(outcome, "installed, and not in the conf file", standing.unwanted, "in " + where);
  outcome.hint = "sync-hooks install " + shell_word(outcome.name);
}

}  // namespace

RunReport install_hooks(const sync::LocalRequest& request, const fs::path& enqueue, const Environment& environment) {
  return sync::run_here(request, environment, only_git, sync::NotCloned::fails,
                        [&](const Project& project, const git::Repository& repository, ProjectOutcome& outcome) {
                          install_one(RepositoryHooks(environment, repository, enqueue),
                                      wanted_in(project.path, request.projects), request.dry_run, outcome);
                        });
}

RunReport uninstall_hooks(const sync::LocalRequest& request, const fs::path& enqueue, const Environment& environment) {
  return sync::run_here(request, environment, only_git, sync::NotCloned::is_fine,
                        [&](const Project& /*project*/, const git::Repository& repository, ProjectOutcome& outcome) {
                          uninstall_one(RepositoryHooks(environment, repository, enqueue), request.dry_run, outcome);
                        });
}

RunReport hooks_status(const sync::LocalRequest& request, const fs::path& enqueue, const Environment& environment) {
  return sync::look_here(request, only_git,
                         [&](const Project& project, const git::Repository& repository, ProjectOutcome& outcome) {
                           tell_status(RepositoryHooks(environment, repository, enqueue),
                                       wanted_in(project.path, request.projects), enqueue, outcome);
                         });
}

}  // namespace syncmanager::hooks
