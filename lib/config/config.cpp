#include "config/config.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/ini.hpp"
#include "config/keys.hpp"
#include "config/legacy.hpp"
#include "config/message.hpp"
#include "config/values.hpp"

namespace syncmanager::config {

namespace {

Client client_of(const Section& section) {
  if (section.kind == "unison") return Client::unison;
  return section.kind == "rsync" ? Client::rsync : Client::git;
}

std::string place(const Origin& origin) {
  return fmt::format("{}:{}", origin.file, origin.line);
}

bool has(const std::vector<Entry>& entries, std::string_view key) {
  return std::ranges::find(entries, key, &Entry::key) != entries.end();
}

/// Whether two remotes of one repository have tracking refs in common: `a/b` has those of a branch `b/…` of `a`.
bool share_refs(const std::string& one, const std::string& other) {
  return one == other || one.starts_with(other + '/') || other.starts_with(one + '/');
}

/// Whether some run may work on both: projects for different environments never meet.
bool may_meet(const Project& one, const Project& other) {
  const auto shared = [&](const std::string& env) { return std::ranges::find(other.envs, env) != other.envs.end(); };
  return one.envs.empty() || other.envs.empty() || std::ranges::any_of(one.envs, shared);
}

/// `path = ~/notes` and the like, by a key that exists.
bool is_entry(std::string_view line) {
  const auto separator = line.find_first_of("=:");
  return separator != std::string_view::npos && find_key(trim(line.substr(0, separator))) != nullptr;
}

/// Turns the document of one file into projects and errors.
class FileReader {
 public:
  FileReader(std::string file, const Environment& environment, Config& config)
      : file_(std::move(file)), environment_(environment), config_(config), first_error_(config.errors.size()) {
    for (std::size_t i = 0; i < config.projects.size(); ++i) remember(i);
  }

  void read(const Document& document) {
    for (const Problem& problem : document.problems) error(problem.line, problem.message);
    for (const Section& section : document.sections) {
      if (section.kind == "defaults") read_defaults(section);
    }
    check_env(document);
    for (const Section& section : document.sections) {
      if (section.named) read_named(section);
      if (is_legacy(section)) read_legacy(section, document);
    }
    const auto line_of = [](const ConfigError& one) { return one.origin.line; };
    std::ranges::stable_sort(config_.errors.begin() + static_cast<std::ptrdiff_t>(first_error_), config_.errors.end(),
                             {}, line_of);
  }

 private:
  void error(int line, std::string message) { config_.errors.push_back({{file_, line}, std::move(message)}); }

  // ---- [defaults] ----

  /// What the projects rely on is not known: those that don't say it themselves are left out.
  void default_error(const Entry& entry, const std::string& message) {
    error(entry.line, fmt::format("{}; the projects of this file that rely on it are left out", message));
    if (const Key* const key = nearest_key(entry.key); key != nullptr) unusable_.push_back(key);
  }

  void read_defaults(const Section& section) {
    for (const Entry& entry : section.entries) {
      Project scratch;
      if (const std::string problem = misplaced_in_defaults(entry.key); !problem.empty()) {
        default_error(entry, problem);
      } else if (has(defaults_, entry.key)) {
        default_error(entry, fmt::format("{}: found a second time in [defaults], expected it once", entry.key));
      } else if (const std::string bad = find_key(entry.key)->set(entry.value, environment_, scratch); !bad.empty()) {
        default_error(entry, fmt::format("{}: {}", entry.key, bad));
      } else {
        defaults_.push_back(entry);
        note(entry);
      }
    }
  }

  /// The old format's line says nothing about projects of today's format, which is easily taken for granted.
  void check_env(const Document& document) {
    const auto& sections = document.sections;
    if (document.env_line == 0 || std::ranges::any_of(sections, is_legacy)) return;
    if (std::ranges::none_of(sections, &Section::named)) return;
    default_error({"env", document.env, document.env_line},
                  "found 'env' before the first section, where it is for old-format sections only; expected it in "
                  "[defaults]");
  }

  // ---- projects ----

  void read_named(const Section& section) {
    const std::string problem = check_name(section.name);
    if (!problem.empty()) error(section.line, problem);
    Project project = start(client_of(section), section.name, section.line);
    const bool good = fill(project, section.entries, fmt::format("[{} {}]", section.kind, in_quotes(section.name)));
    if (good && problem.empty() && !section.broken) add(std::move(project), section.entries);
  }

  void read_legacy(const Section& section, const Document& document) {
    bool mixed = false;
    for (const LegacyLine& line : section.legacy) {
      if (!is_entry(line.text)) {
        read_legacy_line(line, client_of(section), document);
      } else if (!std::exchange(mixed, true)) {
        const std::string expected = fmt::format("PATH URL, or a section with a name: [{} \"NAME\"]", section.kind);
        error(line.line, "mixes the two formats in one section: " + found(line.text, expected));
      }
    }
  }

  void read_legacy_line(const LegacyLine& line, Client client, const Document& document) {
    const ParsedLegacy parsed = parse_legacy_line(line.text, client);
    if (!parsed.problem.empty()) return error(line.line, parsed.problem);
    std::vector<Entry> entries = entries_of(parsed.project, line.line);
    if (document.env_line != 0) entries.push_back({"env", document.env, line.line});
    Project project = start(client, free_name(legacy_name(parsed.project.path)), line.line);
    if (fill(project, entries, in_quotes(line.text))) add(std::move(project), entries);
  }

  Project start(Client client, std::string name, int line) const {
    Project project;
    project.client = client;
    project.name = std::move(name);
    project.origin = {file_, line};
    project.computer = environment_.computer.empty() ? environment_.host_name : environment_.computer;
    return project;
  }

  /// The defaults, then what the project says itself. False where the project must be left out.
  bool fill(Project& project, const std::vector<Entry>& entries, const std::string& what) {
    for (const Entry& entry : defaults_) {
      const Key* const key = find_key(entry.key);
      if (key->is_for(project.client)) key->set(entry.value, environment_, project);
    }
    const std::size_t errors_before = config_.errors.size();
    for (const Entry& entry : entries) {
      const std::string problem = set(project, entry, entries);
      if (!problem.empty()) error(entry.line, problem);
    }
    for (const std::string_view key : {"path", "url"}) {
      if (has(entries, key)) continue;
      error(project.origin.line, fmt::format("{} has no {}, expected `{} = ...`", what, key, key));
    }
    if (project.remove && project.direction == Direction::both) {
      error(project.origin.line,
            fmt::format("{} has delete = yes with direction = both, expected direction = pull or push: rsync can't "
                        "tell what was deleted here from what is new there; use Unison for both ways",
                        what));
    }
    const auto relies = [&](const Key* key) { return key->is_for(project.client) && !has(entries, key->name); };
    return config_.errors.size() == errors_before && std::ranges::none_of(unusable_, relies);
  }

  std::string set(Project& project, const Entry& entry, const std::vector<Entry>& entries) const {
    std::string problem = misplaced_in_project(entry.key, project.client);
    if (!problem.empty()) return problem;
    const auto first = std::ranges::find(entries, entry.key, &Entry::key);
    if (&*first != &entry) {
      return fmt::format("{}: found a second time, expected it once in a section; the other is in line {}", entry.key,
                         first->line);
    }
    problem = find_key(entry.key)->set(entry.value, environment_, project);
    return problem.empty() ? problem : fmt::format("{}: {}", entry.key, problem);
  }

  void add(Project project, const std::vector<Entry>& entries) {
    if (const auto same = names_.find(project.name); same != names_.end()) {
      return error(project.origin.line,
                   fmt::format("found a second project {}, expected another name; the first is at {}",
                               in_quotes(project.name), place(config_.projects[same->second].origin)));
    }
    if (const Project* const other = same_clone(project); other != nullptr) {
      return error(project.origin.line,
                   fmt::format("found a second project for {} with remote {}, expected another remote; the first is "
                               "at {}",
                               in_quotes(project.path.string()), in_quotes(project.remote), place(other->origin)));
    }
    config_.projects.push_back(std::move(project));
    remember(config_.projects.size() - 1);
    for (const Entry& entry : entries) note(entry);
  }

  void remember(std::size_t index) {
    const Project& project = config_.projects[index];
    names_.emplace(project.name, index);
    if (project.client == Client::git) clones_.emplace(project.path.native(), index);
  }

  const Project* same_clone(const Project& project) const {
    if (project.client != Client::git) return nullptr;
    const auto [begin, end] = clones_.equal_range(project.path.native());
    for (auto other = begin; other != end; ++other) {
      const Project& known = config_.projects[other->second];
      if (share_refs(known.remote, project.remote) && may_meet(known, project)) return &known;
    }
    return nullptr;
  }

  void note(const Entry& entry) { config_.settings.push_back({{file_, entry.line}, entry.key, entry.value}); }

  /// `name`, or `name-2` and so on where it is taken.
  std::string free_name(const std::string& name) {
    std::string free = name;
    int& number = numbers_.try_emplace(name, 1).first->second;
    while (names_.contains(free)) free = fmt::format("{}-{}", name, ++number);
    return free;
  }

  std::string file_;
  const Environment& environment_;
  Config& config_;
  std::size_t first_error_;
  std::map<std::string, std::size_t> names_;        // of all projects so far, with their index
  std::multimap<std::string, std::size_t> clones_;  // those for git, by their path
  std::map<std::string, int> numbers_;              // the last one that a name of the old format was given
  std::vector<Entry> defaults_;
  std::vector<const Key*> unusable_;  // keys of [defaults] whose value is not known
};

}  // namespace

void read(std::string_view text, const std::string& file, const Environment& environment, Config& config) {
  FileReader(file, environment, config).read(parse(text));
}

}  // namespace syncmanager::config
