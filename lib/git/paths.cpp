#include "git/paths.hpp"

#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

std::vector<std::string> words_of(const Environment& environment, const std::filesystem::path& folder,
                                  const std::vector<std::string>& arguments) {
  const Finished git = run_git(environment, folder, arguments);
  if (!git.ok()) {
    throw Error(ErrorKind::failed,
                "git " + arguments.front() + " in " + folder.string() + ": " + std::string(trim(git.err)));
  }
  return split(git.out, std::string_view("\0", 1));
}

Paths paths_of(const Environment& environment, const std::filesystem::path& folder,
               const std::vector<std::string>& arguments) {
  Paths paths;
  for (std::string& path : words_of(environment, folder, arguments)) {
    if (path.ends_with('/')) path.pop_back();
    paths.insert(std::move(path));
  }
  return paths;
}

}  // namespace syncmanager::git
