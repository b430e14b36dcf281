#include "git/settings_copy.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace syncmanager::git {

namespace {

constexpr auto npos = std::string_view::npos;

/// A key's parts. Only the subsection may contain dots.
struct Key {
  std::string_view section;
  std::optional<std::string_view> subsection;
  std::string_view name;
};

std::optional<Key> parts(std::string_view key) {
  const auto first = key.find('.');
  const auto last = key.rfind('.');
  if (first == npos || first == 0 || last + 1 == key.size()) return std::nullopt;
  Key result{key.substr(0, first), std::nullopt, key.substr(last + 1)};
  if (first != last) result.subsection = key.substr(first + 1, last - first - 1);
  return result;
}

bool left_out(std::string_view key, std::string_view section) {
  constexpr std::array<std::string_view, 16> sections = {
      "alias",       "branch", "color", "gc",     "hook",   "include", "includeif", "index",
      "maintenance", "notes",  "pull",  "rebase", "rerere", "safe",    "sequence",  "submodule"};
  constexpr std::array<std::string_view, 19> keys = {"commit.gpgsign",
                                                     "core.bare",
                                                     "core.editor",
                                                     "core.fsmonitor",
                                                     "core.fsync",
                                                     "core.fsyncmethod",
                                                     "core.fsyncobjectfiles",
                                                     "core.hookspath",
                                                     "core.logallrefupdates",
                                                     "core.notesref",
                                                     "core.repositoryformatversion",
                                                     "core.sharedrepository",
                                                     "core.sparsecheckout",
                                                     "core.sparsecheckoutcone",
                                                     "core.splitindex",
                                                     "core.untrackedcache",
                                                     "core.worktree",
                                                     "merge.autostash",
                                                     "merge.ff"};
  if (section == "extensions") return key != "extensions.objectformat" && key != "extensions.partialclone";
  return std::ranges::find(sections, section) != sections.end() || std::ranges::find(keys, key) != keys.end();
}

/// Between quotes a backslash stands before itself and the quote, and nothing else needs one but the line's end.
std::string double_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result + '"';
}

}  // namespace

std::vector<Setting> parse_settings(std::string_view listing) {
  std::vector<Setting> settings;
  for (const std::string& entry : split(listing, std::string_view("\0", 1))) {
    const auto end = entry.find('\n');
    Setting setting{entry.substr(0, end), std::nullopt};
    if (end != std::string::npos) setting.value = entry.substr(end + 1);
    if (parts(setting.key)) settings.push_back(std::move(setting));
  }
  return settings;
}

bool is_on(const std::vector<Setting>& settings, std::string_view key) {
  constexpr std::array<std::string_view, 5> off = {"", "0", "false", "no", "off"};
  bool on = false;
  for (const Setting& setting : settings) {
    if (setting.key != key) continue;
    on = !setting.value || std::ranges::find(off, lower_case(*setting.value)) == off.end();
  }
  return on;
}

std::string settings_file(const std::vector<Setting>& settings) {
  // Filters change what is written to a working tree, where no file is to be seen; only this has more use for them.
  const bool filters = is_on(settings, "merge.renormalize");
  std::string text;
  for (const auto& [name, value] : settings) {
    const auto key = parts(name);
    if (!key || left_out(name, key->section) || (key->section == "filter" && !filters)) continue;
    text += '[' + std::string(key->section);
    if (key->subsection) text += ' ' + double_quoted(*key->subsection);
    text += "]\n\t" + std::string(key->name);
    if (value) text += " = " + double_quoted(*value);
    text += '\n';
  }
  return text;
}

}  // namespace syncmanager::git
