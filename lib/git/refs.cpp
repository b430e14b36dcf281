#include "git/refs.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace syncmanager::git {

namespace {

constexpr std::array kinds = {std::pair{std::string_view(heads_prefix), &Listing::branches},
                              std::pair{std::string_view(tags_prefix), &Listing::tags},
                              std::pair{std::string_view(parked_prefix), &Listing::parked}};

}  // namespace

std::string parked_ref(std::string_view computer, std::string_view branch) {
  std::string name(computer);
  const auto is_plain = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
  };
  std::ranges::replace_if(
      name, [&](char letter) { return !is_plain(letter) && letter != '_'; }, '-');
  if (name.empty()) name = "-";
  return std::string(parked_prefix).append(name).append("/heads/").append(branch);
}

std::string parked_here(std::string_view remote, std::string_view branch) {
  return std::string("refs/sync/parked/").append(remote).append("/").append(branch);
}

std::string parking_here(std::string_view remote, std::string_view branch) {
  return std::string("refs/sync/parking/").append(remote).append("/").append(branch);
}

bool add_ref(Listing& listing, std::string_view name, const Oid& tip) {
  if (name.ends_with("^{}")) return false;
  for (const auto& [prefix, refs] : kinds) {
    if (!name.starts_with(prefix)) continue;
    (listing.*refs).emplace(name.substr(prefix.size()), tip);
    return true;
  }
  return false;
}

std::string clashing_name(const RefMap& refs, const std::string& name) {
  for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    if (refs.contains(name.substr(0, slash))) return name.substr(0, slash);
  }
  const auto below = refs.lower_bound(name + '/');
  return below != refs.end() && below->first.starts_with(name + '/') ? below->first : std::string();
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
