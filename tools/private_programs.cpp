#include "private_programs.hpp"

#include <system_error>

#include "base/error.hpp"

namespace syncmanager::tools {

namespace {

namespace fs = std::filesystem;

fs::path folder_of_tools() {
  std::error_code problem;
  const fs::path self = fs::read_symlink("/proc/self/exe", problem);
  if (problem) throw Error(ErrorKind::failed, "cannot find this program's own path: " + problem.message());
  return self.parent_path();
}

}  // namespace

fs::path private_program(std::string_view name) {
  return (folder_of_tools() / SYNCMANAGER_PRIVATE_PROGRAMS / name).lexically_normal();
}

fs::path tool_program(std::string_view name) {
  return folder_of_tools() / name;
}

}  // namespace syncmanager::tools
