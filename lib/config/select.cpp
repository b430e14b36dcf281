#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/config.hpp"
#include "config/message.hpp"

namespace syncmanager::config {

namespace {

namespace fs = std::filesystem;

bool shares(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::ranges::any_of(some, [&](const auto& word) { return std::ranges::find(others, word) != others.end(); });
}

/// The path without links and dots, as far as it exists.
fs::path without_links(const fs::path& path) {
  std::error_code problem;
  fs::path result = fs::weakly_canonical(path, problem);
  return problem ? path.lexically_normal() : result;
}

bool holds(const fs::path& folder, const fs::path& path) {
  const auto [in_folder, in_path] = std::ranges::mismatch(folder, path);
  return in_folder == folder.end();
}

bool looks_like_path(std::string_view word) {
  return word == "." || word == ".." || word == "~" || word == "$HOME" || word.find('/') != std::string_view::npos;
}

/// One selection at work.
class Selector {
 public:
  Selector(const Config& config, const Selection& selection, const fs::path& here, std::vector<ConfigError>& errors)
      : config_(config), selection_(selection), here_(here), errors_(errors), envs_(split(selection.env, ", \t")) {}

  std::vector<Project> run() {
    check_groups();
    std::set<std::size_t> wanted;
    for (const std::string& word : selection_.projects) {
      for (const std::size_t index : find(word)) {
        const std::string why = left_out_by(config_.projects[index]);
        if (why.empty())
          wanted.insert(index);
        else
          error(fmt::format("project {} is not selected: {}", in_quotes(config_.projects[index].name), why));
      }
    }
    std::vector<Project> selected;
    for (std::size_t i = 0; i < config_.projects.size(); ++i) {
      const Project& project = config_.projects[i];
      if (selection_.projects.empty() ? left_out_by(project).empty() : wanted.contains(i)) selected.push_back(project);
    }
    return selected;
  }

 private:
  void error(std::string message) { errors_.push_back({{}, std::move(message)}); }

  /// Which option leaves the project out; empty where none does.
  [[nodiscard]] std::string left_out_by(const Project& project) const {
    if (!project.envs.empty() && !shares(project.envs, envs_)) {
      return fmt::format("it is for the environment {}, expected one of them in --env or $SYNC_ENV",
                         fmt::join(project.envs, ", "));
    }
    if (selection_.client && project.client != *selection_.client) {
      return fmt::format("it is for {}, and only {} was asked for", to_string(project.client),
                         to_string(*selection_.client));
    }
    if (!selection_.groups.empty() && !shares(project.groups, selection_.groups)) {
      return fmt::format("it is not in the group {}", fmt::join(selection_.groups, ", "));
    }
    return {};
  }

  void check_groups() {
    std::set<std::string_view> known;
    for (const Project& project : config_.projects) known.insert(project.groups.begin(), project.groups.end());
    for (const std::string& group : selection_.groups) {
      if (!known.contains(group)) unknown("group", group, {known.begin(), known.end()});
    }
  }

  void unknown(std::string_view what, std::string_view word, const std::vector<std::string_view>& known) {
    const std::string_view meant = nearest(word, known);
    std::string message = fmt::format("there is no {} {}", what, in_quotes(word));
    if (!meant.empty()) {
      message += fmt::format("; did you mean {}?", in_quotes(meant));
    } else if (known.empty()) {
      message += fmt::format("; the conf files have no {}s", what);
    } else {
      message += fmt::format(", expected {}", one_of(first_of(known)));
    }
    error(std::move(message));
  }

  /// As many as a message can hold.
  static std::vector<std::string_view> first_of(std::vector<std::string_view> words) {
    constexpr std::size_t most = 8;
    if (words.size() > most) {
      words.resize(most);
      words.emplace_back("another of the conf files");
    }
    return words;
  }

  /// The projects of that name or path, by index.
  std::vector<std::size_t> find(const std::string& word) {
    std::vector<std::size_t> found_here;
    for (std::size_t i = 0; i < config_.projects.size(); ++i) {
      if (config_.projects[i].name == word) found_here.push_back(i);
    }
    if (!found_here.empty()) return found_here;
    if (looks_like_path(word)) return find_path(word);
    std::vector<std::string_view> names;
    for (const Project& project : config_.projects) names.push_back(project.name);
    unknown("project", word, names);
    return {};
  }

  /// The projects of the deepest folder that holds the path.
  std::vector<std::size_t> find_path(const std::string& word) {
    Environment environment;
    environment.home = selection_.home;
    const fs::path wanted = without_links(here_ / expand_home(word, environment));
    std::vector<std::size_t> deepest;
    fs::path folder;
    for (std::size_t i = 0; i < config_.projects.size(); ++i) {
      const fs::path path = without_links(config_.projects[i].path);
      if (!holds(path, wanted)) continue;
      if (deepest.empty() || (path != folder && holds(folder, path))) {
        deepest.clear();
        folder = path;
      }
      if (path == folder) deepest.push_back(i);
    }
    if (deepest.empty()) {
      error(fmt::format("no project holds the folder {}, expected one of the conf files' paths or names",
                        in_quotes(wanted.string())));
    }
    return deepest;
  }

  const Config& config_;
  const Selection& selection_;
  const fs::path& here_;
  std::vector<ConfigError>& errors_;
  std::vector<std::string> envs_;
};

}  // namespace

std::vector<Project> select(const Config& config, const Selection& selection, const fs::path& here,
                            std::vector<ConfigError>& errors) {
  return Selector(config, selection, here, errors).run();
}

}  // namespace syncmanager::config
