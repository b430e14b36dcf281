// Hooks in a repository's own configuration, as git has them since 2.54: git-hook(1). No file in a hooks folder is
// touched, and it does not matter what core.hooksPath says.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/environment.hpp"
#include "git/repository.hpp"
#include "hooks/hook_file.hpp"

namespace syncmanager::hooks {

/// Whether this git runs hooks that its configuration names. `printed` is what `git --version` prints. Pure.
bool has_configured_hooks(std::string_view printed);

/// Whether the repository's configuration holds anything of ours: one git tells it for all events. Throws
/// Error(failed).
bool is_configured(const Environment& environment, const git::Repository& repository);

/// The repository and what is to be called. All three throw Error(failed) where git can't do it.
struct ConfiguredHook {
  const Environment& environment;
  const git::Repository& repository;
  queue::Event event = queue::Event::commit;
  std::filesystem::path enqueue;
};

HookState state_of(const ConfiguredHook& hook);
void install(const ConfiguredHook& hook);
void uninstall(const ConfiguredHook& hook);

}  // namespace syncmanager::hooks
