#include "config/legacy.hpp"

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "config/message.hpp"
#include "config/quote.hpp"

namespace syncmanager::config {

namespace {

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t';
}

/// Nothing where a quote is not closed.
std::optional<std::vector<std::string>> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < line.size();) {
    if (is_blank(line[i])) {
      ++i;
      continue;
    }
    std::string& field = fields.emplace_back();
    while (i < line.size() && !is_blank(line[i])) {
      if (line[i] != '"') {
        field += line[i++];
        continue;
      }
      const auto quoted_part = unquote(line, i);
      if (!quoted_part) return std::nullopt;
      field += quoted_part->text;
      i = quoted_part->end;
    }
  }
  return fields;
}

std::string wrong_count(std::size_t count, std::string_view expected) {
  return fmt::format("found {} field{}, expected {}; quotes hold a field with spaces together", count,
                     count == 1 ? "" : "s", expected);
}

/// `REMOTE|URL`; a path that holds a bar names no remote, because a remote's name has no slash and no colon.
std::string read_git(const std::vector<std::string>& fields, LegacyProject& project) {
  if (fields.size() != 2 && fields.size() != 4) {
    return wrong_count(fields.size(), "PATH [REMOTE|]URL [\"User Name\" EMAIL]");
  }
  const std::string& target = fields[1];
  const auto bar = target.find('|');
  const bool names_remote = bar != std::string_view::npos && target.find_first_of("/:") > bar;
  project.url = names_remote ? target.substr(bar + 1) : target;
  if (names_remote) project.remote = target.substr(0, bar);
  if (names_remote && project.remote.empty()) return found(target, "REMOTE|URL");
  if (fields.size() == 4) {
    project.user_name = fields[2];
    project.user_email = fields[3];
  }
  return {};
}

std::string read_unison(const std::vector<std::string>& fields, LegacyProject& project) {
  if (fields.size() != 2 && fields.size() != 3) {
    return wrong_count(fields.size(), "PATH URL [TEMPLATE]");
  }
  project.url = fields[1];
  if (fields.size() == 3) project.profile = fields[2];
  return {};
}

}  // namespace

ParsedLegacy parse_legacy_line(std::string_view line, Client client) {
  ParsedLegacy parsed;
  const auto fields = fields_of(line);
  if (!fields) {
    parsed.problem = found(line, "a closing quote");
    return parsed;
  }
  if (!fields->empty()) parsed.project.path = fields->front();
  parsed.problem = client == Client::git ? read_git(*fields, parsed.project) : read_unison(*fields, parsed.project);
  return parsed;
}

std::vector<Entry> entries_of(const LegacyProject& project, int line) {
  std::vector<Entry> entries = {{"path", project.path, line}, {"url", project.url, line}};
  if (!project.remote.empty()) entries.push_back({"remote", project.remote, line});
  if (project.user_name) entries.push_back({"name", *project.user_name, line});
  if (project.user_email) entries.push_back({"email", *project.user_email, line});
  if (!project.profile.empty()) entries.push_back({"profile", project.profile, line});
  return entries;
}

std::size_t comment_start(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || is_blank(line[i - 1]))) return i;
    if (line[i] != '"') continue;
    const auto quoted_part = unquote(line, i);
    if (!quoted_part) return std::string_view::npos;
    i = quoted_part->end - 1;
  }
  return std::string_view::npos;
}

std::string legacy_name(std::string_view path) {
  std::string name;
  for (const std::string& part : split(path, "/")) {
    if (part == ".." || part == "~" || part == "$HOME" || part == "${HOME}")
      name.clear();
    else if (part != ".")
      name = part;
  }
  const auto first = name.find_first_not_of("- \t");
  name = escape_text(trim(first == std::string_view::npos ? "" : name.substr(first)));
  if (!name.empty()) return name;
  return path.starts_with('/') ? "root" : "home";
}

}  // namespace syncmanager::config
