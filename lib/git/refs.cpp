#include "git/refs.hpp"

namespace syncmanager::git {

void add_ref(Listing& listing, std::string_view name, const Oid& tip) {
  const std::string_view heads = heads_prefix;
  const std::string_view tags = tags_prefix;
  if (name.starts_with(heads)) {
    listing.branches.emplace(name.substr(heads.size()), tip);
  } else if (name.starts_with(tags) && !name.ends_with("^{}")) {
    listing.tags.emplace(name.substr(tags.size()), tip);
  }
}

}  // namespace syncmanager::git
