#include "config/values.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "model/ref_name.hpp"
#include "model/url.hpp"

namespace syncmanager::config {

namespace {

constexpr std::string_view list_separators = ", \t";

bool is_control(char letter) {
  return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

bool can_be_part_of_ref(std::string_view name) {
  return is_ref_name(name) && !name.starts_with('-');
}

/// `refs/remotes/HEAD` would be ambiguous, and `refs/remotes/a/HEAD` stands for the default branch of `a`.
bool has_part_head(std::string_view name) {
  const std::vector<std::string> parts = split(name, "/");
  return std::ranges::find(parts, "HEAD") != parts.end();
}

/// `/a/b/` and `/a/./b` as `/a/b`, so that equal folders are equal paths.
std::filesystem::path tidy(const std::string& path) {
  std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace

std::string read_flag(std::string_view value, bool& result) {
  return read_choice<bool>(value, {{"yes", true}, {"no", false}}, result);
}

std::string read_number(std::string_view value, int maximum, int& result) {
  const auto number = parse_number(value, static_cast<unsigned long>(maximum));
  if (!number) return found(value, fmt::format("a number from 0 to {}", maximum));
  result = static_cast<int>(*number);
  return {};
}

std::string read_list(std::string_view value, std::vector<std::string>& result) {
  result = split(value, list_separators);
  return {};
}

std::string read_patterns(std::string_view value, std::vector<std::string>& result) {
  std::vector<std::string> patterns;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const char letter = i < value.size() ? value[i] : ',';
    if (letter == '{') ++depth;
    if (letter == '}' && depth > 0) --depth;
    if (i < value.size() && (letter != ',' || depth > 0)) continue;
    const std::string_view pattern = trim(value.substr(begin, i - begin));
    if (!pattern.empty()) patterns.emplace_back(pattern);
    begin = i + 1;
  }
  result = std::move(patterns);
  return {};
}

std::string read_path(const std::string& value, const Environment& environment, std::filesystem::path& result) {
  const std::string path = expand_home(value, environment);
  if (!path.starts_with('/')) return found(value, "an absolute path, or one that begins with ~/ or $HOME/");
  result = tidy(path);
  return {};
}

std::string read_url(const std::string& value, const Environment& environment, Client client, Url& result) {
  ParsedUrl parsed = parse_url(expand_home(value, environment));
  if (!parsed.problem.empty()) return parsed.problem;
  const Scheme scheme = parsed.url.scheme;
  if (client != Client::git && (scheme == Scheme::http || scheme == Scheme::https)) {
    return found(value, fmt::format("a path, ssh://HOST/PATH or HOST:PATH: {} can't use http", to_string(client)));
  }
  if (scheme == Scheme::local && !parsed.url.path.starts_with('/')) {
    return found(value, "an absolute path or a URL");
  }
  result = std::move(parsed.url);
  return {};
}

std::string read_remote(const std::string& value, std::string& result) {
  if (!can_be_part_of_ref(value) || has_part_head(value)) return found(value, "the name of a remote such as origin");
  result = value;
  return {};
}

std::string read_computer(const std::string& value, std::string& result) {
  if (!can_be_part_of_ref(value) || value.find('/') != std::string_view::npos)
    return found(value, "one word that git takes in a ref");
  result = value;
  return {};
}

std::string read_identity(const std::string& value, std::optional<std::string>& result) {
  if (value.find_first_of("<>") != std::string_view::npos || std::ranges::any_of(value, is_control)) {
    return found(value, "text without <, > and control characters");
  }
  result = value.empty() ? std::nullopt : std::optional(value);
  return {};
}

std::string read_branches(std::string_view value, BranchFilter& result) {
  std::vector<std::string> globs = split(value, list_separators);
  for (const std::string_view glob : globs) {
    const std::string_view name = glob.starts_with('!') ? glob.substr(1) : glob;
    if (name.empty() || name.starts_with('-')) return found(glob, "a branch name, or a pattern such as feature/*");
  }
  result = BranchFilter(std::move(globs));
  return {};
}

std::string read_profile(std::string_view value, std::string& result) {
  const std::string_view name = value.ends_with(".prf") ? value.substr(0, value.size() - 4) : value;
  const bool is_file_name = !name.empty() && name.find('/') == std::string_view::npos && !name.starts_with('.') &&
                            !name.starts_with('-') && std::ranges::none_of(name, is_control);
  if (!is_file_name) return found(value, "the name of a template, without a folder");
  result = name;
  return {};
}

std::string read_hooks(std::string_view value, std::vector<std::string>& result) {
  const std::vector<std::string_view> events = {"commit", "checkout", "merge", "rewrite"};
  std::vector<std::string> hooks = split(value, list_separators);
  for (const std::string& hook : hooks) {
    if (std::ranges::find(events, hook) == events.end()) return found(hook, one_of(events));
  }
  result = std::move(hooks);
  return {};
}

std::string check_name(std::string_view name) {
  const bool printable = escape_text(name) == name;
  if (name.empty() || name.starts_with('-') || !printable) {
    return found(name, "a name of printable characters that does not begin with '-'");
  }
  return {};
}

}  // namespace syncmanager::config
