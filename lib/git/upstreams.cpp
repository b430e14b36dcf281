#include "git/upstreams.hpp"

#include <cerrno>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/write.hpp"
#include "git/patience.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

/// A file of git's that is replaced as git does it: written as FILE.lock, whose existence is the lock.
class LockedFile {
 public:
  explicit LockedFile(const fs::path& path) : path_(fs::weakly_canonical(path)), lock_(path_.string() + ".lock") {
    const int code = with_patience([&] {
      fd_ = Fd(open(lock_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
      if (fd_) return 0;
      return errno == EEXIST ? static_cast<int>(GIT_ELOCKED) : static_cast<int>(GIT_ERROR);
    });
    if (code == GIT_ELOCKED) {
      throw Error(ErrorKind::locked, "write " + path_.string() + ": " + lock_.string() + " is there",
                  "wait for the git that made it; where none runs, remove it");
    }
    if (code != 0) fail();
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  ~LockedFile() {
    if (fd_) unlink(lock_.c_str());
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

  /// Puts the content in the file's place.
  void commit(std::string_view content) {
    struct stat before {};
    if (stat(path_.c_str(), &before) == 0 && fchmod(fd_.get(), before.st_mode & 07777U) != 0) fail();
    if (!write_all(fd_.get(), content) || fsync(fd_.get()) != 0) fail();
    if (rename(lock_.c_str(), path_.c_str()) != 0) fail();
    fd_.reset();
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorKind::failed, "write " + path_.string() + ": " + std::generic_category().message(errno));
  }

  fs::path path_;
  fs::path lock_;
  Fd fd_;
};

/// The branches of which a configuration file says something, and those whose upstream it says.
struct Known {
  std::set<std::string, std::less<>> branches;
  std::set<std::string, std::less<>> with_upstream;
};

int note(const git_config_entry* entry, void* payload) noexcept {
  constexpr std::string_view section = "branch.";
  Known& known = *static_cast<Known*>(payload);
  const std::string_view name = entry->name;
  const auto dot = name.rfind('.');
  if (!name.starts_with(section) || dot < section.size()) return 0;
  const auto branch = name.substr(section.size(), dot - section.size());
  known.branches.emplace(branch);
  if (name.substr(dot) == ".merge") known.with_upstream.emplace(branch);
  return 0;
}

Known known_in(const fs::path& path) {
  Known known;
  const auto file = make<git_config>("read " + path.string(), git_config_open_ondisk, path.c_str());
  check(git_config_foreach(file.get(), note, &known), "read " + path.string());
  return known;
}

/// Text for between double quotes.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

/// What would begin a comment stands between quotes.
std::string value_of(std::string_view text) {
  const bool quoted = text.find_first_of(";#") != std::string_view::npos;
  return quoted ? '"' + escaped(text) + '"' : escaped(text);
}

}  // namespace

std::string upstream_section(const std::string& remote, const std::string& branch) {
  return "[branch \"" + escaped(branch) + "\"]\n\tremote = " + value_of(remote) +
         "\n\tmerge = " + value_of(heads_prefix + branch) + "\n";
}

void set_upstreams(Repository& repository, const std::string& remote, const std::set<std::string>& branches) {
  if (branches.empty()) return;
  std::vector<std::string> begun;  // their sections are there, without an upstream
  {
    LockedFile file(repository.git_folder() / "config");
    const Known known = known_in(file.path());
    std::string sections;
    for (const std::string& branch : branches) {
      if (known.with_upstream.contains(branch)) continue;
      if (known.branches.contains(branch)) {
        begun.push_back(branch);
      } else {
        sections += upstream_section(remote, branch);
      }
    }
    std::string text = read_file(file.path()).value_or("");
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    if (!sections.empty()) file.commit(text + sections);
  }
  for (const std::string& branch : begun) {
    repository.set_setting("branch." + branch + ".remote", remote);
    repository.set_setting("branch." + branch + ".merge", heads_prefix + branch);
  }
}

}  // namespace syncmanager::git
