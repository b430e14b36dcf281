// The settings of git that count in one repository, as a file for another one in which git is to work as it would
// there: with the same drivers, attributes, rules for renames and identity, whatever files, includes and conditions
// (includeIf) they came from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncmanager::git {

struct Setting {
  std::string key;                   ///< section.name, or section.subsection.name, as git prints it
  std::optional<std::string> value;  ///< nothing: it stands there without a value, which means true
};

/// What `git config --list -z` prints, in the order in which later ones win.
std::vector<Setting> parse_settings(std::string_view listing);

/// The last value of a boolean setting. What git would not take for a boolean counts as true.
bool is_on(const std::vector<Setting>& settings, std::string_view key);

/// The text of a configuration file with all settings that bear upon the content of a merge. Left out is what belongs
/// to the other repository and its working tree, what starts hooks and background work, and what makes something else
/// of a merge or rebase than was asked for.
std::string settings_file(const std::vector<Setting>& settings);

}  // namespace syncmanager::git
