#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "config/message.hpp"
#include "config/values.hpp"

namespace syncmanager::config {

namespace {

constexpr unsigned git = 1;
constexpr unsigned unison = 2;
constexpr unsigned rsync = 4;
constexpr unsigned all = git | unison | rsync;

unsigned bit_of(Client client) {
  switch (client) {
    case Client::git: return git;
    case Client::unison: return unison;
    case Client::rsync: return rsync;
  }
  return 0;
}

// ---- how a value reaches its member --------------------------------------------------------------------------------

std::string set_path(const std::string& value, const Environment& environment, Project& project) {
  return read_path(value, environment, project.path);
}

std::string set_url(const std::string& value, const Environment& environment, Project& project) {
  return read_url(value, environment, project.client, project.url);
}

std::string set_direction(const std::string& value, const Environment&, Project& project) {
  return read_choice<Direction>(
      value, {{"both", Direction::both}, {"pull", Direction::pull}, {"push", Direction::push}}, project.direction);
}

std::string set_diverged(const std::string& value, const Environment&, Project& project) {
  return read_choice<Diverged>(value,
                               {{"report", Diverged::report}, {"merge", Diverged::merge}, {"rebase", Diverged::rebase}},
                               project.diverged);
}

std::string set_deletions(const std::string& value, const Environment&, Project& project) {
  return read_choice<Deletions>(value, {{"propagate", Deletions::propagate}, {"keep", Deletions::keep}},
                                project.deletions);
}

std::string set_rewrites(const std::string& value, const Environment&, Project& project) {
  return read_choice<Rewrites>(value, {{"own", Rewrites::own}, {"refuse", Rewrites::refuse}, {"push", Rewrites::push}},
                               project.rewrites);
}

std::string set_ssh_config(const std::string& value, const Environment& environment, Project& project) {
  return read_path(value, environment, project.ssh_config);
}

/// For values that need nothing but their text: `read` is one of the functions of values.hpp.
template <auto read, auto member>
std::string set(const std::string& value, const Environment&, Project& project) {
  return read(value, project.*member);
}

template <auto member, int maximum>
std::string set_number(const std::string& value, const Environment&, Project& project) {
  return read_number(value, maximum, project.*member);
}

constexpr int longest_backup = 36500;  // days
constexpr int most_deletions = std::numeric_limits<int>::max();

constexpr std::array keys = {
    Key{"path", all, Scope::project, set_path},
    Key{"url", all, Scope::project, set_url},
    Key{"env", all, Scope::anywhere, set<read_list, &Project::envs>},
    Key{"group", all, Scope::anywhere, set<read_list, &Project::groups>},
    Key{"direction", all, Scope::anywhere, set_direction},
    Key{"remote", git, Scope::anywhere, set<read_remote, &Project::remote>},
    Key{"create", git, Scope::anywhere, set<read_flag, &Project::create>},
    Key{"branches", git, Scope::anywhere, set<read_branches, &Project::branches>},
    Key{"tags", git, Scope::anywhere, set<read_flag, &Project::tags>},
    Key{"diverged", git, Scope::anywhere, set_diverged},
    Key{"deletions", git, Scope::anywhere, set_deletions},
    Key{"rewrites", git, Scope::anywhere, set_rewrites},
    Key{"park", git, Scope::anywhere, set<read_flag, &Project::park>},
    Key{"name", git, Scope::anywhere, set<read_identity, &Project::user_name>},
    Key{"email", git, Scope::anywhere, set<read_identity, &Project::user_email>},
    Key{"hooks", git, Scope::anywhere, set<read_hooks, &Project::hooks>},
    Key{"profile", unison, Scope::anywhere, set<read_profile, &Project::profile>},
    Key{"ignore", unison, Scope::anywhere, set<read_patterns, &Project::ignore>},
    Key{"exclude", rsync, Scope::anywhere, set<read_list, &Project::exclude>},
    Key{"delete", rsync, Scope::anywhere, set<read_flag, &Project::remove>},
    Key{"max-delete", rsync, Scope::anywhere, set_number<&Project::max_delete, most_deletions>},
    Key{"backup-days", rsync, Scope::anywhere, set_number<&Project::backup_days, longest_backup>},
    Key{"computer", all, Scope::defaults, set<read_computer, &Project::computer>},
    Key{"ssh-config", all, Scope::defaults, set_ssh_config},
};

/// The names of the keys that `fits` takes.
template <typename Fits>
std::vector<std::string_view> names(Fits fits) {
  std::vector<std::string_view> result;
  for (const Key& key : keys) {
    if (fits(key)) result.push_back(key.name);
  }
  return result;
}

std::string unknown(std::string_view name, const std::vector<std::string_view>& possible) {
  const std::string_view meant = nearest(name, possible);
  if (meant.empty()) return fmt::format("unknown key {}, expected {}", in_quotes(name), one_of(possible));
  return fmt::format("unknown key {}, expected '{}' or another known one", in_quotes(name), meant);
}

/// `git` or `git and unison`.
std::string clients_of(const Key& key) {
  std::string list;
  for (const Client client : {Client::git, Client::unison, Client::rsync}) {
    if (key.is_for(client)) list += (list.empty() ? "" : " and ") + std::string(to_string(client));
  }
  return list;
}

}  // namespace

bool Key::is_for(Client client) const {
  return (clients & bit_of(client)) != 0;
}

const Key* find_key(std::string_view name) {
  const auto* const key = std::ranges::find(keys, name, &Key::name);
  return key == keys.end() ? nullptr : key;
}

const Key* nearest_key(std::string_view name) {
  return find_key(nearest(name, names([](const Key&) { return true; })));
}

std::string misplaced_in_project(std::string_view name, Client client) {
  const Key* const key = find_key(name);
  if (key == nullptr) {
    return unknown(name, names([&](const Key& one) { return one.is_for(client) && one.scope != Scope::defaults; }));
  }
  if (key->scope == Scope::defaults) return fmt::format("'{}' is for a whole file: expected it in [defaults]", name);
  if (!key->is_for(client)) return fmt::format("'{}' is for {}, not for {}", name, clients_of(*key), to_string(client));
  return {};
}

std::string misplaced_in_defaults(std::string_view name) {
  const Key* const key = find_key(name);
  if (key == nullptr) return unknown(name, names([](const Key& one) { return one.scope != Scope::project; }));
  if (key->scope == Scope::project)
    return fmt::format("'{}' differs for each project: expected it in its section", name);
  return {};
}

}  // namespace syncmanager::config
