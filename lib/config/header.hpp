// The line that opens a section: `[git "notes"]`, `[defaults]`, or `[git]` in the old format. A comment may follow.
#pragma once

#include <string>
#include <string_view>

namespace syncmanager::config {

struct Header {
  std::string kind;  ///< defaults, git, unison or rsync
  std::string name;
  bool named = false;
  std::string problem;  ///< what was found and what was expected; where it is not empty, the rest means nothing
};

/// `line` begins with `[`.
Header parse_header(std::string_view line);

/// Whether a line that is not empty is a comment as a whole, in both formats.
inline bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

}  // namespace syncmanager::config
