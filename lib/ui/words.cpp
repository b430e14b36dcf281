#include "ui/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace syncmanager::ui {

std::string number(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string count(std::uint64_t value, std::string_view noun) {
  return fmt::format("{} {}{}", number(value), noun, value == 1 ? "" : "s");
}

std::string size(std::uint64_t bytes) {
  constexpr std::array units = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return count(bytes, "byte");
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  // 1023.95 would be printed as 1024.0.
  for (; value >= 1023.95 && unit + 1 < units.size(); ++unit) value /= 1024;
  return fmt::format("{:.1f} {}", value, units.at(unit));
}

std::string duration(std::chrono::duration<double> time) {
  const double seconds = std::max(time.count(), 0.0);
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string ago(std::chrono::duration<double> time) {
  const double minutes = time.count() / 60;
  if (minutes < 1) return "just now";  // also where the clock was set back
  const auto whole = static_cast<std::uint64_t>(minutes);
  if (whole < 60) return count(whole, "minute") + " ago";
  if (whole < 60 * 24) return count(whole / 60, "hour") + " ago";
  return count(whole / (60 * 24), "day") + " ago";
}

std::string in_time(std::chrono::duration<double> time) {
  const double minutes = time.count() / 60;
  if (minutes <= 0) return "at once";
  if (minutes < 1) return "within a minute";
  return "in " + count(static_cast<std::uint64_t>(minutes), "minute");
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

}  // namespace syncmanager::ui
