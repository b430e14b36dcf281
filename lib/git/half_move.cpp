#include "git/half_move.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

/// From what `git diff-tree -z -r` prints, cut at its NULs.
///   :100644 100755 8f0c… 51a2… M<NUL>notes.txt<NUL>
std::vector<TreeChange> parse_tree_changes(const std::vector<std::string>& words) {
  constexpr std::size_t parts = 5;
  std::vector<TreeChange> changes;
  for (std::size_t place = 0; place + 1 < words.size(); place += 2) {
    const std::vector<std::string> part = split(words[place], ": ");
    if (part.size() != parts) break;
    changes.push_back(
        {.path = words[place + 1], .before = {part[0], part[2]}, .after = {.mode = part[1], .oid = part[3]}});
  }
  return changes;
}

/// What is there, without following any symbolic link on the way, as git sees it.
fs::file_status status_of(const fs::path& folder, const fs::path& path) {
  std::error_code none;
  fs::path place = folder;
  for (const fs::path& part : path.parent_path()) {
    place /= part;
    if (!fs::is_directory(fs::symlink_status(place, none))) return fs::file_status(fs::file_type::not_found);
  }
  return fs::symlink_status(folder / path, none);
}

/// A path as `git hash-object --stdin-paths` reads it: a line, quoted as in C where it must be.
std::string as_line(std::string_view path) {
  std::string line = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') line += '\\';
    c == '\n' ? line += "\\n" : line += c;
  }
  return line + "\"\n";
}

/// Tells, while the bytes come that a file should have, whether what it has is their front part.
class FrontPart {
 public:
  explicit FrontPart(const fs::path& path) : file_(path, std::ios::binary) {
    std::error_code none;
    left_ = fs::file_size(path, none);
    same_ = !none && file_.good();
  }

  void take(std::string_view piece) {
    while (same_ && left_ > 0 && !piece.empty()) {
      std::array<char, 65'536> bytes{};
      const auto count = std::min({left_, std::uintmax_t{bytes.size()}, std::uintmax_t{piece.size()}});
      file_.read(bytes.data(), static_cast<std::streamsize>(count));
      same_ = file_.good() && piece.starts_with(std::string_view(bytes.data(), count));
      piece.remove_prefix(count);
      left_ -= count;
    }
  }
  [[nodiscard]] bool is_all() const { return same_ && left_ == 0; }

 private:
  std::ifstream file_;
  std::uintmax_t left_ = 0;
  bool same_ = false;
};

class Finder {
 public:
  Finder(const Environment& environment, const fs::path& folder, const std::vector<TreeChange>& changes, FileTime begun)
      : environment_(environment), folder_(folder), changes_(changes), begun_(begun) {}

  HalfMove find(const Paths& staged) {
    // git ls-files -z -m
    const Paths changed = paths_of(environment_, folder_, {"ls-files", "-z", "--modified"});
    for (const TreeChange& change : changes_) {
      const bool untouched = change.before.there() && !changed.contains(change.path);
      if (!untouched && !staged.contains(change.path)) look_at(change);
    }
    compare_files();
    return std::move(found_);
  }

 private:
  void look_at(const TreeChange& change) {
    switch (status_of(folder_, change.path).type()) {
      case fs::file_type::not_found:
        if (change.before.there()) found_.replaced.push_back(change.path);
        return;
      case fs::file_type::directory:
        // Empty, or with new files in it, where the old tree has a file: whoever puts that back looks closer.
        if (change.before.there() && !change.before.is_submodule()) found_.replaced.push_back(change.path);
        return;
      case fs::file_type::symlink:
        if (is_new_enough(change) && change.after.is_link() && is_link_to(change)) return take(change);
        break;
      case fs::file_type::regular:
        if (is_new_enough(change) && change.after.there() && !change.after.is_submodule()) {
          return files_.push_back(&change);
        }
        break;
      default: break;  // NOLINT: the standard library may add others, and all are the user's
    }
    found_.users.push_back(change.path);
  }

  /// git hash-object --stdin
  [[nodiscard]] bool is_link_to(const TreeChange& change) const {
    std::error_code none;
    const std::string target = fs::read_symlink(folder_ / change.path, none).string();
    return trim(feed_git(environment_, folder_, {"hash-object", "--stdin"}, target).out) == change.after.oid;
  }

  /// git hash-object --stdin-paths
  void compare_files() {
    if (files_.empty()) return;
    std::string lines;
    for (const TreeChange* change : files_) lines += as_line(change->path);
    const Finished git = feed_git(environment_, folder_, {"hash-object", "--stdin-paths"}, lines);
    const auto oids = lines_of(git.out);
    if (!git.ok() || oids.size() != files_.size()) {
      throw Error(ErrorKind::failed, "git hash-object in " + folder_.string() + ": " + std::string(trim(git.err)));
    }
    std::vector<const TreeChange*> begun;
    for (std::size_t place = 0; place < files_.size(); ++place) {
      const TreeChange& change = *files_[place];
      if (oids[place] == change.after.oid) {
        take(change);
      } else if (is_begun(change)) {
        begun.push_back(&change);
      } else {
        found_.users.push_back(change.path);
      }
    }
    const bool is_gits = begun.size() == 1 && made_at(place_of(*begun.front())) >= last_;
    for (const TreeChange* const change : begun) {
      is_gits ? take(*change) : found_.users.push_back(change->path);
    }
  }

  [[nodiscard]] fs::path place_of(const TreeChange& change) const { return folder_ / change.path; }

  [[nodiscard]] bool is_new_enough(const TreeChange& change) const {
    return made_at(place_of(change)) >= begun_ - clock_tick;
  }

  /// git cat-file --filters --path=notes.txt 51a2…
  [[nodiscard]] bool is_begun(const TreeChange& change) const {
    FrontPart file(folder_ / change.path);
    if (file.is_all()) return true;
    return feed_git(environment_, folder_, {"cat-file", "--filters", "--path=" + change.path, change.after.oid}, {},
                    [&](std::string_view piece) { file.take(piece); })
               .ok() &&
           file.is_all();
  }

  void take(const TreeChange& change) {
    (change.before.there() ? found_.replaced : found_.made).push_back(change.path);
    const auto made = made_at(place_of(change));
    if (!made) return;
    found_.first = std::min(*made, found_.first.value_or(*made));
    last_ = std::max(*made, last_.value_or(*made));
  }

  const Environment& environment_;
  const fs::path& folder_;
  const std::vector<TreeChange>& changes_;
  FileTime begun_;
  std::vector<const TreeChange*> files_;  // whose content tells
  HalfMove found_;
  std::optional<FileTime> last_;  // when the last of git's whole files was made
};

}  // namespace

std::vector<TreeChange> tree_changes(const Environment& environment, const fs::path& folder, const std::string& from,
                                     const std::string& to) {
  return parse_tree_changes(words_of(environment, folder, {"diff-tree", "-z", "-r", "--no-renames", from, to}));
}

HalfMove find_half_move(const Environment& environment, const fs::path& folder, const std::vector<TreeChange>& changes,
                        const Paths& staged, FileTime begun) {
  return Finder(environment, folder, changes, begun).find(staged);
}

}  // namespace syncmanager::git
