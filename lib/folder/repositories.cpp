#include "folder/repositories.hpp"

#include <algorithm>
#include <system_error>

#include "folder/root.hpp"

namespace syncmanager::folder {

std::vector<std::string> repositories_in(const std::filesystem::path& root, const Interrupt* interrupt) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  std::error_code problem;
  fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied, problem);
  const fs::recursive_directory_iterator end;
  while (!problem && entry != end) {
    if (interrupt != nullptr && interrupt->requested()) break;
    const fs::path name = entry->path().filename();
    const bool repository = name == ".git";
    if (repository) found.push_back(entry->path().lexically_relative(root).string());
    if (repository || name == backup_folder || name == partial_folder) entry.disable_recursion_pending();
    entry.increment(problem);
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace syncmanager::folder
