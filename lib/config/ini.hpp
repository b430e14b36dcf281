// The grammar of a conf file: text in, sections with line numbers out. inih reads the lines of today's format; what
// it would cut short silently (long lines, long section names) reaches it in pieces, so that nothing is truncated.
// No file access, and no meaning yet: keys and values are checked by `config`.
//
//   [defaults]                 today's format: `key = value`; `;` or `#` begins a comment line, ` ;` ends a value
//   [git "notes"]              `\"` and `\\` in the name, as in git's config files
//   path = ~/notes
//   path = "~/odd ;name"       quotes around the whole value keep what would otherwise be a comment or cut off
//   env=home,work              the old format: a section without a name, or this line before the first section
//   [git]
//   ~/notes origin|ssh://server/notes.git "Jane Doe" jane@example.org
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncmanager::config {

struct Entry {
  std::string key;
  std::string value;
  int line = 0;
};

/// A line of an old-format section, comments removed, not taken apart yet.
struct LegacyLine {
  std::string text;
  int line = 0;
};

struct Section {
  std::string kind;  ///< git, unison, rsync or defaults
  std::string name;  ///< the quoted second word; empty in `[defaults]` and in the old format
  bool named = false;
  bool broken = false;  ///< one of its lines is a problem, so that what it asks for is not known for sure
  int line = 0;
  std::vector<Entry> entries;
  std::vector<LegacyLine> legacy;
};

struct Problem {
  int line = 0;
  std::string message;  ///< what was found and what was expected
};

struct Document {
  std::string env;                ///< the old format's first line `env=home,work`; empty: everywhere
  int env_line = 0;               ///< 0: there is no such line
  std::vector<Section> sections;  ///< those whose header is good
  std::vector<Problem> problems;  ///< in the order of the lines
};

/// Whether a section belongs to the old format.
inline bool is_legacy(const Section& section) {
  return !section.named && section.kind != "defaults";
}

/// Never throws on bad input: what can't be understood is a problem, the rest is read.
Document parse(std::string_view text);

}  // namespace syncmanager::config
