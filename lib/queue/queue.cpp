#include "queue/queue.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/write.hpp"

namespace syncmanager::queue {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view act, const fs::path& path) {
  throw Error(ErrorKind::failed,
              fmt::format("cannot {} {}: {}", act, path.string(), std::generic_category().message(errno)));
}

/// Sorted as the tokens were made; no two processes make the same.
std::string new_name(const Token& token) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return fmt::format("{}-{}-{}{:09}", format_utc(token.since), getpid(), now.tv_sec, now.tv_nsec);
}

/// Half-made files begin with a dot.
bool is_entry(std::string_view name) {
  return !name.starts_with('.');
}

/// Nothing where it is no plain file any more: dropped by somebody else, or put there by mistake. A pipe would be
/// waited for, a link leads anywhere.
std::optional<std::string> text_of(const fs::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat found {};
  if (!fd || fstat(fd.get(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  constexpr std::size_t longest = 16'384;  // a path and a few words
  std::string text(longest, '\0');
  const ssize_t size = ::read(fd.get(), text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return text;
}

void flush_one(const fs::path& path, int flags) {
  const Fd fd(::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (fd) fsync(fd.get());
}

}  // namespace

fs::path queue_folder(const fs::path& state_folder) {
  return state_folder / "queue";
}

void add(const fs::path& folder, const Token& token) {
  make_private_folder(folder.parent_path());
  make_private_folder(folder);
  const std::string name = new_name(token);
  const fs::path path = folder / name;
  const fs::path half = folder / ("." + name);
  Fd fd(::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) fail("write", path);
  const bool written = write_all(fd.get(), format_token(token)) && rename(half.c_str(), path.c_str()) == 0;
  if (written) return;
  const int reason = errno;
  ::unlink(half.c_str());
  errno = reason;
  fail("write", path);
}

std::vector<Entry> waiting(const fs::path& folder) {
  std::vector<Entry> entries;
  std::error_code problem;
  fs::directory_iterator at(folder, problem);
  if (problem == std::errc::no_such_file_or_directory) return entries;
  for (; !problem && at != fs::directory_iterator(); at.increment(problem)) {
    const std::string name = at->path().filename().string();
    if (is_entry(name)) entries.push_back({.name = name, .token = std::nullopt});
  }
  if (problem) throw Error(ErrorKind::failed, "cannot read " + folder.string() + ": " + problem.message());
  std::ranges::sort(entries, {}, &Entry::name);
  std::erase_if(entries, [&](Entry& entry) {
    const auto text = text_of(folder / entry.name);
    if (text) entry.token = parse_token(*text);
    return !text;
  });
  return entries;
}

void flush(const fs::path& folder, std::span<const std::string> names) {
  if (names.empty()) return;
  for (const std::string& name : names) flush_one(folder / name, 0);
  flush_one(folder, O_DIRECTORY);
}

void drop(const fs::path& folder, std::span<const std::string> names) {
  for (const std::string& name : names) {
    const fs::path path = folder / name;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("remove", path);
  }
}

}  // namespace syncmanager::queue
