#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/file.hpp"
#include "config/config.hpp"

namespace syncmanager::config {

namespace {

namespace fs = std::filesystem;

std::string words_of(int error) {
  return std::error_code(error, std::generic_category()).message();
}

/// Whoever can rename files in the folder can replace a file there, whatever the file's own mode says.
std::string check_folder(const fs::path& folder) {
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) return fmt::format("its folder can't be read: {}", words_of(errno));
  const bool anyone = (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
  if (!anyone) return {};
  return fmt::format(
      "everybody can replace files in its folder, expected one that only you can write; run: chmod o-w {}",
      shell_quote(folder.string()));
}

/// The folder that the name stands in, and the one of the file itself where the name is a symbolic link.
std::string check_folders(const fs::path& file) {
  std::error_code problem;
  const fs::path named = fs::absolute(file, problem);
  const fs::path real = problem ? fs::path() : fs::canonical(named, problem);
  if (problem) return fmt::format("can't be found: {}", problem.message());
  std::string refusal = check_folder(named.parent_path());
  return refusal.empty() ? check_folder(real.parent_path()) : refusal;
}

/// Whether the group is the user's own, as Debian and Ubuntu give everybody one: then its mode bits let nobody else in.
/// Root's group is none: whoever is in it is another account.
bool is_private_group(gid_t group) {
  if (geteuid() == 0) return false;
  std::vector<char> buffer(65'536);
  passwd user{};
  passwd* found_user = nullptr;
  if (getpwuid_r(geteuid(), &user, buffer.data(), buffer.size(), &found_user) != 0 || found_user == nullptr)
    return false;
  if (user.pw_gid != group) return false;
  const std::string name = user.pw_name;
  struct group entry {};
  struct group* found = nullptr;
  if (getgrgid_r(group, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return false;
  return name == entry.gr_name && *entry.gr_mem == nullptr;
}

std::string check_file(const struct stat& status, const fs::path& file) {
  if (S_ISDIR(status.st_mode)) return "found a folder, expected a conf file";
  if (!S_ISREG(status.st_mode)) return "found something that is no file, expected a conf file";
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return fmt::format("belongs to the user with the number {}, expected you or root; run: chown {} {}", status.st_uid,
                       geteuid(), shell_quote(file.string()));
  }
  const bool by_group = (status.st_mode & S_IWGRP) != 0 && !is_private_group(status.st_gid);
  if (by_group || (status.st_mode & S_IWOTH) != 0) {
    return fmt::format("others can write it (mode {:o}), expected that only you can; run: chmod go-w {}",
                       status.st_mode & 07777U, shell_quote(file.string()));
  }
  return check_folders(file);
}

/// A file's text, or why it can't or must not be read.
struct Content {
  std::string text;
  std::string problem;
};

Content read_all(const Fd& fd) {
  Content content;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count == 0) return content;
    if (count > 0) content.text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) return {"", fmt::format("can't be read: {}", words_of(errno))};
  }
}

/// Reads the files of one load().
class Loader {
 public:
  /// Nothing where the same file was read before under another name. Everything is checked on what was opened, so that
  /// it can't be exchanged in between.
  std::optional<Content> content_of(const fs::path& file) {
    const Fd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!fd || fstat(fd.get(), &status) != 0) return Content{"", fmt::format("can't be read: {}", words_of(errno))};
    if (!seen_.insert({status.st_dev, status.st_ino}).second) return std::nullopt;
    std::string problem = check_file(status, file);
    if (!problem.empty()) return Content{"", std::move(problem)};
    return read_all(fd);
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
