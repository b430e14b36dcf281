// The keys of a project and of `[defaults]`: which projects each is for, and how its value becomes a part of a Project.
// One table; whatever lists keys reads it.
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "model/project.hpp"

namespace syncmanager::config {

/// Where a key may stand.
enum class Scope {
  project,   ///< in a project's own section only
  anywhere,  ///< there, or in [defaults] for all projects of the file
  defaults,  ///< in [defaults] only
};

struct Key {
  std::string_view name;
  unsigned clients = 0;  ///< a bit for each client, as bit_of() tells
  Scope scope = Scope::anywhere;
  /// Puts the value into the project. What was found and what was expected where it can't; empty where it could.
  std::string (*set)(const std::string& value, const Environment& environment, Project& project) = nullptr;

  [[nodiscard]] bool is_for(Client client) const;
};

/// Null where there is no such key.
const Key* find_key(std::string_view name);

/// The key that was probably meant by one that nobody knows; null where none is near.
const Key* nearest_key(std::string_view name);

/// Why the key can't stand in a section of this client, as a sentence; empty where it can.
std::string misplaced_in_project(std::string_view name, Client client);
/// The same for [defaults].
std::string misplaced_in_defaults(std::string_view name);

}  // namespace syncmanager::config
