#include "git/refs.hpp"

#include <array>
#include <utility>

namespace syncmanager::git {

namespace {

constexpr std::array kinds = {std::pair{std::string_view(heads_prefix), &Listing::branches},
                              std::pair{std::string_view(tags_prefix), &Listing::tags},
                              std::pair{std::string_view(parked_prefix), &Listing::parked}};

}  // namespace

bool add_ref(Listing& listing, std::string_view name, const Oid& tip) {
  if (name.ends_with("^{}")) return false;
  for (const auto& [prefix, refs] : kinds) {
    if (!name.starts_with(prefix)) continue;
    (listing.*refs).emplace(name.substr(prefix.size()), tip);
    return true;
  }
  return false;
}

std::optional<Oid> find_ref(const Listing& listing, std::string_view name) {
  for (const auto& [prefix, refs] : kinds) {
    const auto found =
        name.starts_with(prefix) ? (listing.*refs).find(name.substr(prefix.size())) : (listing.*refs).end();
    if (found != (listing.*refs).end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace syncmanager::git
