// A repository that does not exist here yet. It grows in a folder of its own beside its place and moves there in one
// step when it is whole, so that a kill leaves no half of a repository; what a killed run left is cleared away.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "git/repository.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

/// Throws Error(failed) where something else than an empty folder stands at the path.
void require_room_for_clone(const std::filesystem::path& place);

class NewClone {
 public:
  /// Makes an empty repository with the project's remote. `head` is the branch that it shall check out, empty: git's
  /// default. Throws Error(failed), as require_room_for_clone() does too.
  NewClone(const Environment& environment, const Project& project, const std::string& head);
  NewClone(const NewClone&) = delete;
  NewClone& operator=(const NewClone&) = delete;
  ~NewClone();

  [[nodiscard]] git::Repository& repository() { return *repository_; }
  /// Puts the repository in its place. Throws Error(failed).
  void commit();

 private:
  std::filesystem::path place_;
  std::filesystem::path folder_;
  std::optional<git::Repository> repository_;
};

}  // namespace syncmanager::sync
