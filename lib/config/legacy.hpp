// One line of the old program's format: `PATH [REMOTE|]URL ["User Name" EMAIL]`, for Unison `PATH URL [TEMPLATE]`.
// Fields are separated by spaces or tabs; quotes hold a field with spaces together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/ini.hpp"
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

/// The same project as today's format says it.
std::vector<Entry> entries_of(const LegacyProject& project, int line);

/// Where the comment of a line begins: at a `#` outside of quotes that is the first letter or follows white space.
/// `npos` where there is none.
std::size_t comment_start(std::string_view line);

/// The name that a project of the old format gets: its path's last part, made printable. Never empty.
std::string legacy_name(std::string_view path);

}  // namespace syncmanager::config
