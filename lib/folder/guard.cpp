#include "folder/guard.hpp"

#include "base/escape.hpp"

namespace syncmanager::folder {

namespace {

// As in probe.cpp: one line that every login shell hands to sh unchanged.
constexpr std::string_view guard_script =
    R"sh(cd "$1" && test -n "$(find . -mindepth 1 -maxdepth 1 -name .sync-backup -o -name .sync-partial -o -print )sh"
    R"sh(| head -n 1)" && test -d "$2" && echo "$3" >&2)sh";

}  // namespace

std::string guard(const std::string& path, bool for_writing) {
  return "sh -c " + shell_quote(guard_script) + " sh " + shell_quote(from_home(path)) +
         (for_writing ? " .sync-backup/temp " : " . ") + shell_quote(guard_passed) + " && ";
}

std::string from_home(const std::string& path) {
  if (path == "~") return ".";
  return path.starts_with("~/") ? "./" + path.substr(2) : path;
}

bool take_guard_line(std::string& errors) {
  const auto at = errors.find(guard_passed);
  if (at == std::string::npos) return false;
  errors.erase(at, guard_passed.size() + 1);
  return true;
}

}  // namespace syncmanager::folder
