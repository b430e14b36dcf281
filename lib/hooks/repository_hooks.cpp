#include "hooks/repository_hooks.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "base/escape.hpp"
#include "base/file.hpp"
#include "git/git_command.hpp"
#include "hooks/hook_text.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

bool same_folder(const fs::path& one, const fs::path& other) {
  std::error_code ignored;
  return fs::weakly_canonical(one, ignored) == fs::weakly_canonical(other, ignored);
}

}  // namespace

RepositoryHooks::RepositoryHooks(const Environment& environment, const git::Repository& repository,
                                 const fs::path& enqueue)
    : environment_(environment),
      repository_(repository),
      enqueue_(enqueue),
      configured_(has_configured_hooks(git::run_git(environment, repository.folder(), {"--version"}).out)),
      in_configuration_(configured_ || is_configured(environment, repository)),
      folder_(hook_folder(environment, repository)),
      own_folder_((repository.git_folder() / "hooks").lexically_normal()) {}

std::string RepositoryHooks::where() const {
  return configured_ ? "the repository's configuration" : folder_.path.lexically_normal().string();
}

std::string RepositoryHooks::line_by_hand() const {
  return "[ \"${SYNC_HOOKS-}\" = 0 ] || " + shell_quote(enqueue_.string()) +
         " \"${0##*/post-}\" \"$@\" </dev/null || :";
}

HookState RepositoryHooks::state(queue::Event event) const {
  if (configured_) {
    const HookState state = state_of(configured(event));
    // git runs those in files beside: they are not lost because git is a newer one by now.
    return state != HookState::missing || !folder_.foreign.empty() ? state : state_of(file(event));
  }
  if (blocked()) return called_by_hand(event) ? HookState::installed : HookState::missing;
  return state_of(file(event));
}

bool RepositoryHooks::stranded(queue::Event event) const {
  const bool unused = in_configuration_ && !configured_;
  if (unused && state_of(configured(event)) != HookState::missing) return true;
  return std::ranges::any_of(unused_files(event),
                             [](const HookPlace& place) { return state_of(place) != HookState::missing; });
}

void RepositoryHooks::install(queue::Event event) const {
  if (configured_)
    hooks::install(configured(event));
  else
    hooks::install(file(event));
  // Last: until here they are the only ones.
  if (in_configuration_ && !configured_) hooks::uninstall(configured(event));
  for (const HookPlace& place : unused_files(event)) hooks::uninstall(place);
}

void RepositoryHooks::uninstall(queue::Event event) const {
  if (in_configuration_) hooks::uninstall(configured(event));
  if (!configured_ && !blocked()) hooks::uninstall(file(event));
  for (const HookPlace& place : unused_files(event)) hooks::uninstall(place);
}

bool RepositoryHooks::called_by_hand(queue::Event event) const {
  const fs::path path = folder_.path / hook_name(event);
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored) || access(path.c_str(), R_OK | X_OK) != 0) return false;
  return read_file(path).value_or("").find(shell_quote(enqueue_.string())) != std::string::npos;
}

/// The folders where ours may be, and where git does not look.
std::vector<HookPlace> RepositoryHooks::unused_files(queue::Event event) const {
  std::vector<HookPlace> places;
  if (configured_ && folder_.foreign.empty()) places.push_back(file(event));
  if (!same_folder(folder_.path, own_folder_)) places.push_back({own_folder_, event, enqueue_});
  return places;
}

}  // namespace syncmanager::hooks
