// A throw-away repository that borrows another one's objects and refs, so that a dry run can fetch and compare without
// writing anything into the real one.
#pragma once

#include <filesystem>
#include <optional>

#include "git/repository.hpp"

namespace syncmanager::git {

class Scratch {
 public:
  /// Makes it below `parent`, a folder of our own. Throws Error(failed).
  Scratch(const Repository& original, const LocalRefs& refs, const std::filesystem::path& parent);
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  [[nodiscard]] Repository& repository() { return *repository_; }

 private:
  std::filesystem::path folder_;
  std::optional<Repository> repository_;
};

}  // namespace syncmanager::git
