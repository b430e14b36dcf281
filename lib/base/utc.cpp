#include "base/utc.hpp"

#include <ctime>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.hpp"

namespace syncmanager {

using std::chrono::system_clock;

std::string format_utc(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

std::optional<Time> parse_utc(const std::string& text) {
  std::tm calendar{};
  const char* const end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &calendar);
  const std::string_view rest = end != nullptr ? end : "";  // ".123Z"
  const bool complete = rest.size() == std::string_view(".123Z").size() && rest.front() == '.' && rest.back() == 'Z';
  const auto thousandths = complete ? parse_number(rest.substr(1, 3), 999) : std::nullopt;
  // Later years don't fit into the system clock's nanoseconds, and no run has made them.
  constexpr int first_year = 1970 - 1900;
  constexpr int last_year = 2261 - 1900;
  if (!thousandths || calendar.tm_year < first_year || calendar.tm_year > last_year) return std::nullopt;
  const Time seconds =
      std::chrono::time_point_cast<std::chrono::milliseconds>(system_clock::from_time_t(timegm(&calendar)));
  return seconds + std::chrono::milliseconds(*thousandths);
}

}  // namespace syncmanager
