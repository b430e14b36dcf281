// The hooks of one repository, wherever its git has them: in a folder, or in the configuration. Takes away what is of
// ours in a place where git does not look any more.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "git/repository.hpp"
#include "hooks/configured.hpp"
#include "hooks/hook_file.hpp"
#include "hooks/hook_folder.hpp"

namespace syncmanager::hooks {

/// Borrows all that it is made of. Every function throws Error(failed).
class RepositoryHooks {
 public:
  /// `enqueue` is the program that the hooks call.
  RepositoryHooks(const Environment& environment, const git::Repository& repository,
                  const std::filesystem::path& enqueue);

  /// git looks in a folder that is not this repository's: it is never written to.
  [[nodiscard]] bool blocked() const { return !configured_ && !folder_.foreign.empty(); }
  [[nodiscard]] const HookFolder& folder() const { return folder_; }
  /// The folder that git uses unless core.hooksPath names another.
  [[nodiscard]] const std::filesystem::path& own_folder() const { return own_folder_; }
  /// For a sentence: where git looks.
  [[nodiscard]] std::string where() const;
  /// What the owner of a folder that is not this repository's can add to each of the hooks there.
  [[nodiscard]] std::string line_by_hand() const;

  /// Where git looks. In a folder that is not this repository's: installed where somebody has added the line.
  [[nodiscard]] HookState state(queue::Event event) const;
  /// Ours stands where git does not look: core.hooksPath, or git itself, was another one when it was installed.
  [[nodiscard]] bool stranded(queue::Event event) const;

  /// Not to be called where it is blocked().
  void install(queue::Event event) const;
  /// From all places.
  void uninstall(queue::Event event) const;

 private:
  [[nodiscard]] bool called_by_hand(queue::Event event) const;
  [[nodiscard]] HookPlace file(queue::Event event) const { return {folder_.path, event, enqueue_}; }
  [[nodiscard]] ConfiguredHook configured(queue::Event event) const {
    return {environment_, repository_, event, enqueue_};
  }
  [[nodiscard]] std::vector<HookPlace> unused_files(queue::Event event) const;

  const Environment& environment_;
  const git::Repository& repository_;
  const std::filesystem::path& enqueue_;
  const bool configured_;        ///< git looks into the configuration
  const bool in_configuration_;  ///< and ours may be in it
  const HookFolder folder_;
  const std::filesystem::path own_folder_;
};

}  // namespace syncmanager::hooks
