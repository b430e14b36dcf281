#include "folder/unison_version.hpp"

#include <tuple>

#include "base/text.hpp"

namespace syncmanager::folder {

std::optional<UnisonVersion> parse_unison_version(std::string_view line) {
  constexpr std::string_view beginning = "unison version ";
  if (!line.starts_with(beginning)) return std::nullopt;
  line.remove_prefix(beginning.size());
  UnisonVersion version;
  version.text = line.substr(0, line.find(' '));
  const std::vector<std::string> numbers = split(version.text, ".");
  if (numbers.size() < 2) return std::nullopt;
  const auto major = parse_number(numbers[0], 9999);
  const auto minor = parse_number(numbers[1], 9999);
  if (!major || !minor) return std::nullopt;
  version.major = static_cast<unsigned>(*major);
  version.minor = static_cast<unsigned>(*minor);
  return version;
}

bool fit(const UnisonVersion& here, const UnisonVersion& there) {
  const auto series = [](const UnisonVersion& version) { return std::tie(version.major, version.minor); };
  if (series(here) == series(there)) return true;
  // 2.52 can still talk to 2.48 and later, if both were compiled by fitting compilers.
  constexpr std::tuple<unsigned, unsigned> one_protocol{2, 52};
  constexpr std::tuple<unsigned, unsigned> still_understood{2, 48};
  const bool one_is_new = series(here) >= one_protocol || series(there) >= one_protocol;
  return one_is_new && series(here) >= still_understood && series(there) >= still_understood;
}

}  // namespace syncmanager::folder
