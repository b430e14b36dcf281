// A throw-away repository that borrows another one's objects, so that a dry run can fetch and compare, and a merge can
// be tried, without writing anything into the real one. What a killed run leaves of it, the next one clears away.
#pragma once

#include <filesystem>
#include <optional>

#include "base/file.hpp"
#include "git/repository.hpp"

namespace syncmanager::git {

/// A folder that goes with its object, and in any case with the process: whoever makes the next one below the same
/// parent removes what no living process holds (by flock(2) on the folder itself).
class ScratchFolder {
 public:
  /// Makes it below `parent`, a folder of our own that holds nothing else. Throws Error(failed).
  explicit ScratchFolder(const std::filesystem::path& parent);
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  Fd held_;
};

class Scratch {
 public:
  /// A bare repository with the branches and tags of `refs`. Throws Error(failed).
  Scratch(const Repository& original, const LocalRefs& refs, const std::filesystem::path& parent);

  [[nodiscard]] Repository& repository() { return *repository_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  ScratchFolder folder_;
  std::optional<Repository> repository_;
};

}  // namespace syncmanager::git
