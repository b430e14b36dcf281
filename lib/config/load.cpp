#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "base/trusted_file.hpp"
#include "config/config.hpp"

namespace syncmanager::config {

namespace {

namespace fs = std::filesystem;

/// Reads the files of one load().
class Loader {
 public:
  /// Nothing where the same file was read before under another name.
  std::optional<TrustedText> content_of(const fs::path& path) {
    TrustedFile file(path);
    if (file.is_open() && !seen_.insert(file.identity()).second) return std::nullopt;
    return file.read("conf file");
  }

 private:
  std::set<std::pair<dev_t, ino_t>> seen_;
};

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

/// Adds the conf files of the folder, and of those below it where `deep`.
void find_files(const fs::path& folder, bool deep, std::vector<fs::path>& files) {
  std::error_code problem;
  if (!fs::is_directory(folder, problem)) return;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
    const fs::path& path = entry->path();
    std::error_code gone;
    if (is_hidden(path)) continue;
    if (entry->is_directory(gone)) {
      if (deep && !entry->is_symlink(gone) && path.filename() != "unison-templates") find_files(path, deep, files);
    } else if (path.extension() == ".conf") {
      files.push_back(path);
    }
  }
  if (problem) files.push_back(folder);
}

}  // namespace

std::vector<fs::path> conf_files(const Environment& environment) {
  std::vector<fs::path> files;
  find_files(environment.home / ".sync-conf", true, files);
  std::ranges::sort(files);
  const auto first = static_cast<std::ptrdiff_t>(files.size());
  find_files(environment.config_home / "syncmanager", false, files);
  std::ranges::sort(files.begin() + first, files.end());
  return files;
}

Config load(const std::vector<fs::path>& files, const Environment& environment) {
  Config config;
  Loader loader;
  for (const fs::path& file : files) {
    const auto content = loader.content_of(file);
    if (!content) continue;
    if (content->problem.empty()) {
      read(content->text, file.string(), environment, config);
    } else {
      config.errors.push_back({{file.string(), 0}, content->problem});
    }
  }
  return config;
}

}  // namespace syncmanager::config
