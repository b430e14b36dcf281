// One hook in a hooks folder: ours put there beside whatever is there already, and taken away again.
#pragma once

#include <filesystem>
#include <string>

#include "queue/token.hpp"

namespace syncmanager::hooks {

enum class HookState {
  missing,  ///< nothing of ours is there
  installed,
  outdated,      ///< ours, but with another program's path
  switched_off,  ///< ours, but not executable: git passes it over
};

struct HookPlace {
  std::filesystem::path folder;  ///< of the hooks
  queue::Event event = queue::Event::commit;
  std::filesystem::path enqueue;  ///< absolute: the program that the hook calls
};

/// Throws Error(failed) where the file can't be read.
HookState state_of(const HookPlace& place);

/// A shell script gets our block, another program stands in `sync-hooks.d` from then on and is called by ours. The file
/// is replaced as a whole, and a kill in between leaves the hook that was there. Throws Error(failed), also where
/// `sync-hooks.d` holds another hook of this name.
void install(const HookPlace& place);

/// What was there before is there again, byte for byte; what somebody has added to it since stays. Throws Error(failed)
/// where somebody has changed our script around another hook.
void uninstall(const HookPlace& place);

}  // namespace syncmanager::hooks
