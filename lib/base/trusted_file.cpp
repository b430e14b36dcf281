#include "base/trusted_file.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/escape.hpp"

namespace syncmanager {

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

std::string check_file(const struct stat& status, const fs::path& file, const std::string& what) {
  if (S_ISDIR(status.st_mode)) return "found a folder, expected a " + what;
  if (!S_ISREG(status.st_mode)) return "found something that is no file, expected a " + what;
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

TrustedText read_to_end(const Fd& fd) {
  TrustedText content;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count == 0) return content;
    if (count > 0) content.text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) return {"", fmt::format("can't be read: {}", words_of(errno))};
  }
}

}  // namespace

TrustedFile::TrustedFile(const fs::path& path)
    : path_(path), fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  struct stat status {};
  if (fd_ && fstat(fd_.get(), &status) == 0) {
    identity_ = {status.st_dev, status.st_ino};
    return;
  }
  missing_ = errno == ENOENT;
  problem_ = fmt::format("can't be read: {}", words_of(errno));
  fd_.reset();
}

TrustedText TrustedFile::read(const std::string& what) {
  struct stat status {};
  if (!fd_) return {"", problem_};
  if (fstat(fd_.get(), &status) != 0) return {"", fmt::format("can't be read: {}", words_of(errno))};
  std::string problem = check_file(status, path_, what);
  if (!problem.empty()) return {"", std::move(problem)};
  return read_to_end(fd_);
}

}  // namespace syncmanager
