// A repository that does not exist here yet. It grows in a folder of its own beside its place and moves there in one
// step when it is whole, so that a kill leaves no half of a repository; what a killed run left is cleared away.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "git/complete.hpp"
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
  /// Nobody sees a history with holes before commit(): such a look may go on while refs are made and the tree is
  /// filled.
  void await(std::unique_ptr<git::LookThrough> look) { looks_.push_back(std::move(look)); }
  /// It is known already that it has.
  void give_up() { given_up_ = true; }
  /// Waits for the looks, and tells whether all of them found their history complete. Throws as they do.
  [[nodiscard]] bool is_whole();
  /// Puts the repository in its place. Throws Error(failed).
  void commit();

 private:
  std::filesystem::path place_;
  std::filesystem::path folder_;
  std::optional<git::Repository> repository_;
  std::vector<std::unique_ptr<git::LookThrough>> looks_;
  bool given_up_ = false;
};

}  // namespace syncmanager::sync
