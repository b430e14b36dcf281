#include "sync/view.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "git/history.hpp"

namespace syncmanager::sync {

namespace {

Relation relation(const git::Repository& repository, const std::optional<Oid>& first,
                  const std::optional<Oid>& second) {
  if (!first || !second || first == second) return Relation::same;
  if (!repository.has(*first) || !repository.has(*second)) return Relation::unrelated;
  return repository.relation(*first, *second);
}

void add_names(const git::RefMap& refs, std::set<std::string>& names) {
  for (const auto& [name, tip] : refs) names.insert(name);
}

/// Of a branch, without refs/heads/.
std::string_view short_name(std::string_view ref) {
  const std::string_view heads = git::heads_prefix;
  return ref.starts_with(heads) ? ref.substr(heads.size()) : ref;
}

}  // namespace

std::optional<Oid> tip_of(const git::RefMap& refs, const std::string& name) {
  const auto found = refs.find(name);
  return found == refs.end() ? std::nullopt : std::optional<Oid>(found->second);
}

git::BaseRecord base_of(const Project& project, const git::Repository& repository) {
  return git::read_base_record(repository.git_folder(), project.remote, without_password(project.url.text));
}

View view_of(const Project& project, const git::Repository& repository, git::Listing listing) {
  return {.local = repository.refs(project.remote),
          .worktrees = repository.worktrees(),
          .server = std::move(listing),
          .base = base_of(project, repository)};
}

bool is_own_tree(const Project& project, const std::filesystem::path& folder) {
  std::error_code away;  // a worktree's folder may be
  return std::filesystem::equivalent(folder, project.path, away);
}

std::size_t count_refs(const View& view) {
  const git::LocalRefs& local = view.local;
  return local.branches.size() + local.tags.size() + local.tracking.size() + view.base.tips.size();
}

std::set<std::string> branch_names(const View& view, const Project& project) {
  std::set<std::string> names;
  add_names(view.local.branches, names);
  add_names(view.server.branches, names);
  add_names(view.base.tips, names);
  std::erase_if(names, [&](const std::string& name) { return !project.branches.selects(name); });
  return names;
}

std::set<std::string> tag_names(const View& view, const Project& project) {
  std::set<std::string> names;
  if (!project.tags) return names;
  add_names(view.local.tags, names);
  add_names(view.server.tags, names);
  return names;
}

BranchFacts branch_facts(const View& view, const git::Repository& objects, const git::Repository& here,
                         const std::string& name) {
  BranchFacts facts;
  facts.local = tip_of(view.local.branches, name);
  facts.server = tip_of(view.server.branches, name);
  // A server that has lost all of its branches is no witness of deletions.
  if (!view.server.branches.empty()) facts.base = tip_of(view.base.tips, name);
  if (facts.base && !objects.has(*facts.base)) facts.base.reset();
  // A ref that can't be read must pass neither for a deleted nor for a missing one: absent() throws for it.
  if (!facts.local && !here.absent(git::heads_prefix + name)) facts.local = facts.base;
  facts.local_to_base = relation(objects, facts.local, facts.base);
  facts.server_to_base = relation(objects, facts.server, facts.base);
  facts.local_to_server = relation(objects, facts.local, facts.server);
  const bool rewritten_here = facts.base && facts.local && facts.server == facts.base;
  if (rewritten_here && facts.local_to_server == Relation::unrelated) {
    const std::string me = git::own_email(here);
    facts.own_commits = !me.empty() && git::all_committed_by(objects, me, *facts.server, *facts.local);
  }
  facts.checked_out = view.worktrees.checked_out.contains(name);
  facts.busy = view.worktrees.busy.contains(name);
  if (const auto alias = view.local.aliases.find(name); alias != view.local.aliases.end()) {
    facts.alias_of = alias->second;
    facts.busy = facts.busy || view.worktrees.busy.contains(short_name(alias->second));
  }
  facts.server_default = view.server.head == name;
  return facts;
}

TagFacts tag_facts(const View& view, const git::Repository& here, const std::string& name) {
  TagFacts facts{.local = tip_of(view.local.tags, name), .server = tip_of(view.server.tags, name)};
  if (!facts.local && !here.absent(git::tags_prefix + name)) facts.local = facts.server;
  return facts;
}

git::RefMap needed_tips(const View& view, const Project& project, Verb verb) {
  git::RefMap tips;
  for (const auto& [name, tip] : view.server.branches) {
    if (!project.branches.selects(name)) continue;
    // A push has nothing to say of a branch that only the server has moved.
    const auto local = tip_of(view.local.branches, name);
    const bool moved_here = local && local != tip_of(view.base.tips, name);
    if (verb == Verb::pull || moved_here) tips.emplace(git::heads_prefix + name, tip);
  }
  if (verb == Verb::push || !project.tags) return tips;
  for (const auto& [name, tip] : view.server.tags) {
    if (!view.local.tags.contains(name)) tips.emplace(git::tags_prefix + name, tip);
  }
  return tips;
}

std::set<Oid> tips_here(const View& view) {
  std::set<Oid> tips;
  for (const git::RefMap* refs : {&view.local.branches, &view.local.tags, &view.local.tracking}) {
    for (const auto& [name, tip] : *refs) tips.insert(tip);
  }
  return tips;
}

bool at_rest(const View& view, const Project& project) {
  for (const std::string& name : branch_names(view, project)) {
    const auto local = tip_of(view.local.branches, name);
    const auto server = tip_of(view.server.branches, name);
    if (!local || local != server) return false;
    if (tip_of(view.base.tips, name) != local || tip_of(view.local.tracking, name) != local) return false;
  }
  const auto only_here = [&](const auto& tracked) {
    return project.branches.selects(tracked.first) && !view.server.branches.contains(tracked.first);
  };
  if (std::ranges::any_of(view.local.tracking, only_here)) return false;
  const auto is_parked = [&](const auto& parked) { return project.branches.selects(parked.first); };
  for (const git::RefMap* refs : {&view.local.parked, &view.local.parking}) {
    if (std::ranges::any_of(*refs, is_parked)) return false;  // it is settled by now, if nothing else is left
  }
  const bool head_tracked = view.local.tracking.contains(view.server.head);
  if (head_tracked && view.local.tracking_head != view.server.head) return false;
  return !project.tags || view.local.tags == view.server.tags;
}

git::BaseRecord next_base(const View& view, const Project& project) {
  git::BaseRecord next = view.base;
  for (const std::string& name : branch_names(view, project)) {
    const auto local = tip_of(view.local.branches, name);
    const auto server = tip_of(view.server.branches, name);
    if (local && local == server) next.tips[name] = *local;
    if (!local && !server && !view.server.branches.empty()) next.tips.erase(name);
  }
  return next;
}

}  // namespace syncmanager::sync
