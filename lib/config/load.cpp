#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/file.hpp"
#include "config/config.hpp"

namespace syncmanager::config {

namespace {

namespace fs = std::filesystem;

std::string words_of(int error) {
  return std::error_code(error, std::generic_category()).message();
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorKind::usage, message);
}

/// Whoever can rename files in the folder can replace a file there, whatever the file's own mode says.
void check_folder(const fs::path& folder) {
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) refuse(fmt::format("its folder can't be read: {}", words_of(errno)));
  const bool anyone = (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
  if (!anyone) return;
  refuse(
      fmt::format("everybody can replace files in its folder, expected one that only you can write; run: chmod o-w {}",
                  shell_quote(folder.string())));
}

/// The folder that the name stands in, and the one of the file itself where the name is a symbolic link.
void check_folders(const fs::path& file) {
  const fs::path absolute = fs::absolute(file);
  check_folder(absolute.parent_path());
  check_folder(fs::canonical(absolute).parent_path());
}

void check_owner(const struct stat& status, const fs::path& file) {
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    refuse(fmt::format("belongs to the user with the number {}, expected you or root; run: chown {} {}", status.st_uid,
                       geteuid(), shell_quote(file.string())));
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    refuse(fmt::format("others can write it (mode {:o}), expected that only you can; run: chmod go-w {}",
                       status.st_mode & 07777U, shell_quote(file.string())));
  }
}

std::string read_all(const Fd& fd) {
  std::string text;
  std::array<char, 64 * 1024> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) refuse(fmt::format("can't be read: {}", words_of(errno)));
  }
}

using Identity = std::pair<dev_t, ino_t>;

/// Reads the files of one load().
class Loader {
 public:
  /// The text, or nothing where the same file was read before under another name. Throws Error(usage) for a file that
  /// can't or must not be read; everything is checked on what was opened, so that it can't be exchanged in between.
  std::optional<std::string> text_of(const fs::path& file) {
    const Fd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) refuse(fmt::format("can't be read: {}", words_of(errno)));
    struct stat status {};
    if (fstat(fd.get(), &status) != 0) refuse(fmt::format("can't be read: {}", words_of(errno)));
    if (S_ISDIR(status.st_mode)) refuse("found a folder, expected a conf file");
    if (!S_ISREG(status.st_mode)) refuse("found something that is no file, expected a conf file");
    const Identity identity = {status.st_dev, status.st_ino};
    if (std::ranges::find(seen_, identity) != seen_.end()) return std::nullopt;
    seen_.push_back(identity);
    check_owner(status, file);
    check_folders(file);
    return read_all(fd);
  }

 private:
  std::vector<Identity> seen_;
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
    try {
      const auto text = loader.text_of(file);
      if (text) read(*text, file.string(), environment, config);
    } catch (const std::exception& error) {
      config.errors.push_back({{file.string(), 0}, error.what()});
    }
  }
  return config;
}

}  // namespace syncmanager::config
