#include "git/ls_remote.hpp"

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

constexpr std::string_view symbolic = "ref: ";

[[noreturn]] void refuse(std::string_view line) {
  throw Error(ErrorKind::failed, "git ls-remote printed an unexpected line: " + excerpt(line));
}

void take_line(std::string_view line, Listing& listing) {
  const auto tab = line.find('\t');
  if (tab == std::string_view::npos) refuse(line);
  const std::string_view value = line.substr(0, tab);
  const std::string_view name = line.substr(tab + 1);
  if (value.starts_with(symbolic)) {
    const std::string_view target = value.substr(symbolic.size());
    const std::string_view heads = heads_prefix;
    if (name == "HEAD" && target.starts_with(heads)) listing.head = target.substr(heads.size());
    return;
  }
  const auto tip = Oid::from_hex(value);
  if (!tip) refuse(line);
  add_ref(listing, name, *tip);
}

}  // namespace

Listing parse_ls_remote(std::string_view output) {
  Listing listing;
  listing.state = Listing::State::found;
  for (const std::string_view line : lines_of(output)) take_line(line, listing);
  return listing;
}

}  // namespace syncmanager::git
