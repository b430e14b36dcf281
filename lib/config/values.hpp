// Values of a conf file, checked and converted. Each returns what was found and what was expected, or nothing where the
// value is good; only then is `result` changed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/environment.hpp"
#include "config/message.hpp"
#include "model/project.hpp"

namespace syncmanager::config {

/// A closed choice, each with its word.
template <typename T>
std::string read_choice(std::string_view value, const std::vector<std::pair<std::string_view, T>>& choices, T& result) {
  std::vector<std::string_view> words;
  for (const auto& [word, choice] : choices) {
    if (word == value) {
      result = choice;
      return {};
    }
    words.push_back(word);
  }
  return found(value, one_of(words));
}

std::string read_flag(std::string_view value, bool& result);
std::string read_number(std::string_view value, int maximum, int& result);

/// Words between commas and white space.
std::string read_list(std::string_view value, std::vector<std::string>& result);
/// Unison's patterns: `Name *.{tmp,bak}, Path cache`; white space belongs to them, and commas inside braces do.
std::string read_patterns(std::string_view value, std::vector<std::string>& result);

/// Absolute after `~` and `$HOME` are expanded; without a slash at its end.
std::string read_path(const std::string& value, const Environment& environment, std::filesystem::path& result);
std::string read_url(const std::string& value, const Environment& environment, Client client, Url& result);

/// A name that can be a part of a ref's name (git-check-ref-format(1)), and that no program takes for an option.
std::string read_remote(const std::string& value, std::string& result);
/// As a remote, but without a slash.
std::string read_computer(const std::string& value, std::string& result);
/// `user.name` and `user.email`: git writes them between `<` and `>`. An empty value is none.
std::string read_identity(const std::string& value, std::optional<std::string>& result);
std::string read_branches(std::string_view value, BranchFilter& result);
/// The name of a template, with or without `.prf`.
std::string read_profile(std::string_view value, std::string& result);
std::string read_hooks(std::string_view value, std::vector<std::string>& result);

/// The name of a project, as it stands in its section's header.
std::string check_name(std::string_view name);

}  // namespace syncmanager::config
