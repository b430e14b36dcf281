#include "hooks/hook_file.hpp"

#include <cerrno>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/write.hpp"
#include "hooks/hook_text.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

constexpr const char* others_folder = "sync-hooks.d";

fs::path path_of(const HookPlace& place) {
  return place.folder / hook_name(place.event);
}

fs::path other_of(const HookPlace& place) {
  return place.folder / others_folder / hook_name(place.event);
}

[[noreturn]] void fail(const std::string& act, const fs::path& path, const std::string& reason) {
  throw Error(ErrorKind::failed, "cannot " + act + " " + path.string() + ": " + reason);
}

[[noreturn]] void fail(const std::string& act, const fs::path& path) {
  fail(act, path, std::generic_category().message(errno));
}

/// Of the file itself, where it is a link.
std::optional<struct stat> look_at(const fs::path& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) == 0) return found;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  fail("look at", path);
}

bool is_executable(const fs::path& path) {
  return access(path.c_str(), X_OK) == 0;
}

std::string text_of(const fs::path& path) {
  return read_file(path).value_or("");
}

/// Links are never written through: what they lead to may be many repositories' hook.
bool can_join(const HookPlace& place, const struct stat& found, const std::string& text) {
  if (!S_ISREG(found.st_mode) || !is_executable(path_of(place))) return false;
  const HookKind kind = kind_of(text);
  return kind == HookKind::shell || kind == HookKind::joined;
}

/// What is to become the hook. Always the same name, so that the next run removes what a killed one has left.
fs::path half_of(const fs::path& path) {
  fs::path half = path;
  half += ".sync-new";
  return half;
}

void put_in_place(const fs::path& path) {
  if (rename(half_of(path).c_str(), path.c_str()) != 0) fail("write", path);
  const Fd folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot flush a folder and say EINVAL.
  if (!folder || (fsync(folder.get()) != 0 && errno != EINVAL)) fail("flush the folder of", path);
}

/// Replaces a link itself, as AtomicFile would not. Without a mode the umask decides: others may share the repository.
void write_script(const fs::path& path, const std::string& text, std::optional<unsigned> mode = {}) {
  constexpr unsigned of_programs = 0777;
  const fs::path half = half_of(path);
  ::unlink(half.c_str());
  const Fd file(::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode.value_or(of_programs)));
  if (!file || !write_all(file.get(), text)) fail("write", path);
  if (mode && fchmod(file.get(), *mode) != 0) fail("keep the mode of", path);
  if (fsync(file.get()) != 0) fail("write", path);
  put_in_place(path);
}

/// A relative link leads to the same from one folder below.
fs::path from_below(const fs::path& link) {
  return link.is_absolute() ? link : ".." / link;
}

fs::path from_above(const fs::path& link) {
  return link.is_absolute() ? link : link.lexically_relative("..");
}

bool same_file(const fs::path& one, const fs::path& other) {
  const auto first = look_at(one);
  const auto second = look_at(other);
  if (!first || !second) return false;
  if (S_ISLNK(first->st_mode))
    return S_ISLNK(second->st_mode) && from_below(fs::read_symlink(one)) == fs::read_symlink(other);
  return first->st_dev == second->st_dev && first->st_ino == second->st_ino;
}

/// The hook stands in sync-hooks.d too when this returns. A run that was killed may have come as far before.
void keep_other(const HookPlace& place, const struct stat& found) {
  const fs::path from = path_of(place);
  const fs::path to = other_of(place);
  if (mkdir(to.parent_path().c_str(), 0777) != 0 && errno != EEXIST) fail("make", to.parent_path());
  if (same_file(from, to)) return;
  if (look_at(to)) fail("wrap", from, to.string() + " is there already: look at both, and remove one of them");
  if (S_ISLNK(found.st_mode)) {
    if (symlink(from_below(fs::read_symlink(from)).c_str(), to.c_str()) != 0) fail("make", to);
  } else if (::link(from.c_str(), to.c_str()) != 0) {
    fail("make", to);
  }
}

/// A run that was killed may have left the hook in both places.
void drop_second(const HookPlace& place) {
  const fs::path other = other_of(place);
  if (same_file(path_of(place), other)) ::unlink(other.c_str());
  ::rmdir(other.parent_path().c_str());  // unless others are in it
}

void restore_other(const HookPlace& place) {
  const fs::path from = other_of(place);
  const fs::path to = path_of(place);
  const auto found = look_at(from);
  if (!found) fail("restore", to, from.string() + " is missing");
  if (S_ISLNK(found->st_mode)) {
    const fs::path half = half_of(to);
    ::unlink(half.c_str());
    if (symlink(from_above(fs::read_symlink(from)).c_str(), half.c_str()) != 0) fail("make", half);
    put_in_place(to);
    ::unlink(from.c_str());
  } else if (rename(from.c_str(), to.c_str()) != 0) {
    fail("restore", to);
  }
  ::rmdir(from.parent_path().c_str());  // unless others are in it
}

}  // namespace

HookState state_of(const HookPlace& place) {
  const auto found = look_at(path_of(place));
  if (!found || !S_ISREG(found->st_mode)) return HookState::missing;
  const std::string text = text_of(path_of(place));
  std::string wanted;
  switch (kind_of(text)) {
    case HookKind::ours: wanted = hook_script(place.event, place.enqueue); break;
    case HookKind::wrapping: wanted = wrapping_script(place.event, place.enqueue); break;
    case HookKind::joined: wanted = with_block(text, place.event, place.enqueue); break;
    case HookKind::shell:
    case HookKind::other: return HookState::missing;
  }
  if (!is_executable(path_of(place))) return HookState::switched_off;
  return text == wanted ? HookState::installed : HookState::outdated;
}

void install(const HookPlace& place) {
  const fs::path path = path_of(place);
  std::error_code problem;
  fs::create_directories(place.folder, problem);
  if (problem) fail("make", place.folder, problem.message());
  const auto found = look_at(path);
  if (!found) return write_script(path, hook_script(place.event, place.enqueue));
  const std::string text = S_ISREG(found->st_mode) ? text_of(path) : std::string();
  if (S_ISREG(found->st_mode) && kind_of(text) == HookKind::ours) {
    return write_script(path, hook_script(place.event, place.enqueue));
  }
  if (can_join(place, *found, text)) {
    return write_script(path, with_block(text, place.event, place.enqueue), found->st_mode & 07777U);
  }
  const bool wrapped_before = S_ISREG(found->st_mode) && kind_of(text) == HookKind::wrapping;
  if (!wrapped_before) keep_other(place, *found);
  write_script(path, wrapping_script(place.event, place.enqueue));
}

void uninstall(const HookPlace& place) {
  const fs::path path = path_of(place);
  ::unlink(half_of(path).c_str());
  const auto found = look_at(path);
  if (!found || !S_ISREG(found->st_mode)) return drop_second(place);
  const std::string text = text_of(path);
  switch (kind_of(text)) {
    case HookKind::ours:
      if (::unlink(path.c_str()) != 0) fail("remove", path);
      return;
    case HookKind::wrapping: return restore_other(place);
    case HookKind::joined:
      if (look_at(other_of(place))) {
        fail("restore", path,
             "it has been changed by hand: see it through, and what is in " + other_of(place).string());
      }
      return write_script(path, without_block(text), found->st_mode & 07777U);
    case HookKind::shell:
    case HookKind::other: return drop_second(place);
  }
}

}  // namespace syncmanager::hooks
