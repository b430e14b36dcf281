#include "config/header.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/message.hpp"
#include "config/quote.hpp"

namespace syncmanager::config {

namespace {

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t", at), text.size());
}

std::string check_kind(const Header& header) {
  const std::vector<std::string_view> kinds = {"defaults", "git", "unison", "rsync"};
  if (std::ranges::find(kinds, header.kind) == kinds.end()) {
    return fmt::format("unknown section: {}", found(header.kind, one_of(kinds)));
  }
  if (header.kind == "defaults" && header.named) return found(header.name, "[defaults] without a name");
  if (header.kind == "rsync" && !header.named) return "found [rsync] without a name, expected [rsync \"NAME\"]";
  return {};
}

}  // namespace

Header parse_header(std::string_view line) {
  Header header;
  const std::size_t kind_begin = skip_blanks(line, 1);
  const std::size_t kind_end = std::min(line.find_first_of(" \t\"]", kind_begin), line.size());
  header.kind = line.substr(kind_begin, kind_end - kind_begin);
  std::size_t at = skip_blanks(line, kind_end);
  if (at < line.size() && line[at] == '"') {
    auto name = unquote(line, at);
    if (name) {
      header.named = true;
      header.name = std::move(name->text);
      at = skip_blanks(line, name->end);
    }
  }
  if (at >= line.size() || line[at] != ']') {
    header.problem = found(line, "a section such as [git \"NAME\"], with the name in double quotes");
    return header;
  }
  const std::string_view rest = trim(line.substr(at + 1));
  if (!rest.empty() && !is_comment(rest)) header.problem = found(rest, "nothing behind the section's closing bracket");
  if (header.problem.empty()) header.problem = check_kind(header);
  return header;
}

}  // namespace syncmanager::config
