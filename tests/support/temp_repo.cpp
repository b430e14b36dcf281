#include "support/temp_repo.hpp"

#include <cstdlib>
#include <stdexcept>

#include "base/process.hpp"

namespace syncmanager::test {

namespace {

Finished run_git(const std::filesystem::path& folder, std::vector<std::string> arguments) {
  Command command;
  command.argv = {"git", "-C", folder.string()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = git_environment(folder);
  return run(command, {}, std::chrono::minutes(1));
}

}  // namespace

std::vector<std::string> git_environment(const std::filesystem::path& home) {
  const char* path = std::getenv("PATH");
  return {std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin"),
          "HOME=" + home.string(),
          "GIT_CONFIG_NOSYSTEM=1",
          "GIT_AUTHOR_NAME=Jane Doe",
          "GIT_AUTHOR_EMAIL=jane@example.org",
          "GIT_COMMITTER_NAME=Jane Doe",
          "GIT_COMMITTER_EMAIL=jane@example.org",
          "LC_ALL=C.UTF-8"};
}

TempRepo::TempRepo() {
  std::filesystem::create_directory(path());
  git({"init", "--quiet", "--initial-branch=main"});
}

TempRepo::TempRepo(const TempRepo& other) {
  using Copy = std::filesystem::copy_options;
  std::filesystem::copy(other.path(), path(), Copy::recursive | Copy::copy_symlinks);
}

std::string TempRepo::git(const std::vector<std::string>& arguments) const {
  const Finished finished = run_git(path(), arguments);
  if (!finished.ok()) throw std::runtime_error("git " + arguments.front() + ": " + finished.err);
  std::string out = finished.out;
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

void TempRepo::git_fails(const std::vector<std::string>& arguments) const {
  if (run_git(path(), arguments).ok()) throw std::runtime_error("git " + arguments.front() + " was to fail");
}

std::string TempRepo::commit(const std::string& file, const std::string& content) const {
  write(file, content);
  git({"add", "--", file});
  git({"commit", "--quiet", "--message", "change " + file});
  return git({"rev-parse", "HEAD"});
}

}  // namespace syncmanager::test
