#include "model/ref_name.hpp"

#include <algorithm>
#include <cstddef>

namespace syncmanager {

namespace {

bool is_forbidden(char letter) {
  const auto code = static_cast<unsigned char>(letter);
  return code <= 0x20 || code == 0x7f || std::string_view("~^:?*[\\").find(letter) != std::string_view::npos;
}

bool is_component(std::string_view part) {
  return !part.empty() && !part.starts_with('.') && !part.ends_with(".lock");
}

}  // namespace

bool is_ref_name(std::string_view name) {
  constexpr auto npos = std::string_view::npos;
  if (std::ranges::any_of(name, is_forbidden)) return false;
  if (name.ends_with('.') || name.find("..") != npos || name.find("@{") != npos) return false;
  for (std::size_t slash = name.find('/'); slash != npos; slash = name.find('/')) {
    if (!is_component(name.substr(0, slash))) return false;
    name.remove_prefix(slash + 1);
  }
  return is_component(name);
}

}  // namespace syncmanager
