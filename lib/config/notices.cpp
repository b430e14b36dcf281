#include <string>

#include <fmt/format.h>

#include "config/config.hpp"

namespace syncmanager::config {

namespace {

std::string notice(const Origin& origin, std::string_view text) {
  return fmt::format("{}:{}: {}", origin.file, origin.line, text);
}

}  // namespace

std::vector<std::string> notices(const Config& config) {
  std::vector<std::string> result;
  for (const Project& project : config.projects) {
    if (project.url.scheme == Scheme::http) {
      result.push_back(
          notice(project.origin, "http lets everybody on the way read and change all that travels: use https"));
    }
  }
  return result;
}

}  // namespace syncmanager::config
