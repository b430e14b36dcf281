#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/config.hpp"

namespace syncmanager::config {

namespace {

/// A setting that is accepted and checked, but does nothing yet.
struct Later {
  std::string_view key;
  std::string_view values;  ///< those without effect, separated by spaces; empty: all
  std::string_view now;     ///< what happens instead
};

constexpr std::array later = {
    Later{"diverged", "merge rebase", "diverged branches are only reported"},
    Later{"deletions", "propagate", "deleted branches are only reported"},
    Later{"rewrites", "own push", "rewritten branches are only reported"},
    Later{"park", "yes", "nothing is parked on the server"},
    Later{"computer", "", "nothing is parked on the server"},
    Later{"hooks", "", "no git hook is installed"},
};

bool concerns(const Later& row, const Setting& setting) {
  if (row.key != setting.key) return false;
  const auto values = split(row.values, " ");
  return values.empty() || std::ranges::find(values, setting.value) != values.end();
}

std::string notice(const Origin& origin, std::string_view text) {
  return fmt::format("{}:{}: {}", origin.file, origin.line, text);
}

}  // namespace

std::vector<std::string> notices(const Config& config) {
  std::vector<std::string> result;
  for (const Project& project : config.projects) {
    if (project.client != Client::git) {
      result.push_back(
          notice(project.origin, fmt::format("{} projects are not synced yet", to_string(project.client))));
    } else if (project.url.scheme == Scheme::http) {
      result.push_back(
          notice(project.origin, "http lets everybody on the way read and change all that travels: use https"));
    }
  }
  for (const Setting& setting : config.settings) {
    const auto* const row = std::ranges::find_if(later, [&](const Later& one) { return concerns(one, setting); });
    if (row == later.end()) continue;
    result.push_back(
        notice(setting.origin, fmt::format("{} = {} has no effect yet: {}", setting.key, setting.value, row->now)));
  }
  return result;
}

}  // namespace syncmanager::config
