#include "sync/folder_roots.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

/// Whether `inner` is `outer` or below it, whatever links lead there. Neither need exist.
bool lies_in(const fs::path& outer, const fs::path& inner) {
  const auto whole = [](const fs::path& path) {
    std::error_code problem;  // then it is empty
    const fs::path real = fs::weakly_canonical(path, problem);
    return real.has_filename() ? real : real.parent_path();
  };
  const fs::path above = whole(outer);
  const fs::path below = whole(inner);
  return !above.empty() && std::ranges::mismatch(above, below).in1 == above.end();
}

}  // namespace

// Of the homes over there, only the account's own is known without asking its shell.
void check_path(const Project& project) {
  const std::string& path = project.url.path;
  if (!path.starts_with('~') || path == "~" || path.starts_with("~/")) return;
  throw Error(ErrorKind::usage, "the url leads to another account's home folder, which is for git only",
              "write the path from the root of the server's files");
}

// Copied into itself, a folder would hold itself again and again; and a mirror of what is in it would delete it.
void check_apart(const Project& project, const std::string& other) {
  if (project.url.scheme != Scheme::local) return;
  if (!lies_in(project.path, other) && !lies_in(other, project.path)) return;
  throw Error(ErrorKind::failed, fmt::format("of {} and {}, one lies in the other", project.path.string(), other),
              "correct the path or the url in the conf file");
}

}  // namespace syncmanager::sync
