// One line of the old program's format: `PATH [REMOTE|]URL ["User Name" EMAIL]`, for Unison `PATH URL [TEMPLATE]`.
// Fields are separated by spaces or tabs; quotes hold a field with spaces together.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/project.hpp"

namespace syncmanager::config {

struct LegacyProject {
  std::string path;
  std::string url;
  std::string remote;  ///< empty where the line names none
  std::optional<std::string> user_name;
  std::optional<std::string> user_email;
  std::string profile;  ///< Unison's template; empty where the line names none
};

/// `problem` says what was found and what was expected; empty where `project` is good.
struct ParsedLegacy {
  LegacyProject project;
  std::string problem;
};

ParsedLegacy parse_legacy_line(std::string_view line, Client client);

}  // namespace syncmanager::config
