#include "folder/links.hpp"

#include <algorithm>
#include <system_error>

#include "base/text.hpp"
#include "folder/root.hpp"

namespace syncmanager::folder {

bool leads_out(std::string_view path, std::string_view target) {
  if (target.empty() || target.starts_with('/')) return true;
  std::size_t depth = split(path, "/").size() - 1;  // of the folder that it is in
  bool went_down = false;
  for (const std::string& part : split(target, "/")) {
    if (part == ".") continue;
    if (part != "..") {
      went_down = true;
      continue;
    }
    // Down and up again may be through another link.
    if (went_down || depth == 0) return true;
    --depth;
  }
  return false;
}

std::vector<std::string> links_out_of(const std::filesystem::path& root, const Interrupt* interrupt) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  std::error_code problem;
  fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied, problem);
  for (const fs::recursive_directory_iterator end; !problem && entry != end; entry.increment(problem)) {
    stop_if(interrupt);
    const fs::path name = entry->path().filename();
    if (name == backup_folder || name == partial_folder) entry.disable_recursion_pending();
    std::error_code unreadable;
    if (!entry->is_symlink(unreadable)) continue;
    std::string path = entry->path().lexically_relative(root).string();
    const fs::path target = fs::read_symlink(entry->path(), unreadable);
    if (unreadable || leads_out(path, target.string())) found.push_back(std::move(path));
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace syncmanager::folder
