// What the tests of `config` share: an environment, and texts read with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace syncmanager::test {

inline Environment jane() {
  Environment environment;
  environment.home = "/home/jane";
  environment.config_home = "/home/jane/.config";
  environment.host_name = "laptop";
  return environment;
}

inline config::Config read(std::string_view text, const std::string& file = "a.conf") {
  config::Config config;
  config::read(text, file, jane(), config);
  return config;
}

/// All errors, `FILE:LINE: message` each.
inline std::string errors_of(const config::Config& config) {
  std::string all;
  for (const ConfigError& error : config.errors) {
    all += error.origin.file + ':' + std::to_string(error.origin.line) + ": " + error.message + '\n';
  }
  return all;
}

/// The names of the projects, with a space behind each.
inline std::string names_of(const std::vector<Project>& projects) {
  std::string all;
  for (const Project& project : projects) all += project.name + ' ';
  return all;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace syncmanager::test
