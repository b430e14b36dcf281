// A real repository in a temporary folder, worked on with the real git.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace syncmanager::test {

class TempRepo {
 public:
  /// An empty repository whose branch `main` is checked out.
  TempRepo();
  /// A copy of another one with all its files: much quicker than to make it again by git.
  TempRepo(const TempRepo& other);
  TempRepo& operator=(const TempRepo&) = delete;

  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "repo"; }
  [[nodiscard]] std::filesystem::path git_folder() const { return path() / ".git"; }
  /// `git -C REPO ARGUMENTS…`: what it printed, without the last line feed. Throws where git fails.
  std::string git(const std::vector<std::string>& arguments) const;
  /// As git(), but a failure is expected: throws where there is none.
  void git_fails(const std::vector<std::string>& arguments) const;
  /// Commits `content` as `file` on the checked-out branch; the commit's id.
  std::string commit(const std::string& file, const std::string& content) const;
  void write(const std::string& file, const std::string& content) const { folder_.write("repo/" + file, content); }

 private:
  TemporaryFolder folder_;
};

/// An environment for git that nothing of the account or of the machine flows into.
std::vector<std::string> git_environment(const std::filesystem::path& home);

}  // namespace syncmanager::test
