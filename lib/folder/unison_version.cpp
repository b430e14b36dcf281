#include "folder/unison_version.hpp"

#include <algorithm>
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
  using Series = std::tuple<unsigned, unsigned>;
  constexpr Series one_protocol{2, 52};
  constexpr Series still_understood{2, 48};
  constexpr Series without_the_old_ones{2, 54};
  const Series older = std::min<Series>(series(here), series(there));
  const Series newer = std::max<Series>(series(here), series(there));
  if (older >= one_protocol) return true;
  // Those between can also talk to the old ones, if both were compiled by fitting compilers.
  return older >= still_understood && newer >= one_protocol && newer < without_the_old_ones;
}

}  // namespace syncmanager::folder
