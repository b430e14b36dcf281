#include "folder/unison_profile.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "folder/unison_templates.hpp"

namespace syncmanager::folder {

namespace {

/// A profile's line ends at its end, and loses the blanks there.
void check_root(const std::string& root) {
  const bool whole = trim(root) == root && root.find_first_of("\n\r") == std::string::npos;
  if (!whole) {
    throw Error(ErrorKind::usage, "Unison can't be given the path '" + escape_text(root) + "'",
                "a path for Unison has no line feed, and no blanks at its ends");
  }
}

struct Setting {
  std::string_view name;
  std::string_view value;
};

/// `NAME = VALUE`; of a comment the name is empty.
Setting setting_in(std::string_view line) {
  const std::string_view text = trim(line);
  const auto sign = text.find('=');
  if (text.starts_with('#') || sign == std::string_view::npos) return {};
  return {trim(text.substr(0, sign)), trim(text.substr(sign + 1))};
}

/// The value of the last line that sets `name`, as Unison takes it; empty where there is none.
std::string_view value_of(std::string_view profile, std::string_view name) {
  std::string_view value;
  for (const std::string_view line : lines_of(profile)) {
    const Setting setting = setting_in(line);
    if (setting.name == name) value = setting.value;
  }
  return value;
}

}  // namespace

std::string_view builtin_template(std::string_view name) {
  return name == "sm_default" ? sm_default_template : std::string_view();
}

std::string fill_template(std::string_view text, const std::string& local_root, const std::string& server_root,
                          const std::string& origin) {
  check_root(local_root);
  check_root(server_root);
  int locals = 0;
  int servers = 0;
  std::string profile;
  for (auto begin = text.find("{{"); begin != std::string_view::npos; begin = text.find("{{")) {
    const auto end = text.find("}}", begin);
    const std::string_view name =
        end == std::string_view::npos ? text.substr(begin) : trim(text.substr(begin + 2, end - begin - 2));
    const bool local = name == "local_path";
    if (!local && name != "server_path") {
      throw Error(ErrorKind::usage, "the template " + origin + " has '" + excerpt(name) + "' between braces",
                  "a template knows {{ local_path }} and {{ server_path }}");
    }
    ++(local ? locals : servers);
    profile.append(text.substr(0, begin)).append(local ? local_root : server_root);
    text.remove_prefix(end + 2);
  }
  if (locals == 0 || servers == 0) {
    throw Error(ErrorKind::usage, "the template " + origin + " does not name both roots",
                "it needs root = {{ local_path }} and root = {{ server_path }}");
  }
  return profile.append(text);
}

bool comes_first(std::string_view profile, const std::string& root) {
  for (const std::string_view line : lines_of(profile)) {
    const Setting setting = setting_in(line);
    if (setting.name == "root") return setting.value == root;
  }
  return true;
}

bool may_merge(std::string_view profile) {
  constexpr std::array<std::string_view, 5> names = {"merge", "include", "include?", "source", "source?"};
  return std::ranges::any_of(lines_of(profile), [&](std::string_view line) {
    const std::string_view text = trim(line);
    const std::string_view name = text.substr(0, text.find_first_of(" \t="));
    return std::ranges::find(names, name) != names.end();
  });
}

std::string server_program(std::string_view profile, const std::function<std::string()>& version_here) {
  const std::string_view command = value_of(profile, "servercmd");
  if (!command.empty()) return std::string(command);
  if (value_of(profile, "addversionno") != "true") return "unison";
  const std::string version = version_here();
  const auto minor_end = version.find('.', version.find('.') + 1);  // unison-2.52
  return "unison-" + version.substr(0, minor_end);
}

}  // namespace syncmanager::folder
