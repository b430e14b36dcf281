#include "sync/queue_plan.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "sync/job.hpp"

namespace syncmanager::sync {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds quiet = 1s;
constexpr std::chrono::milliseconds longest_unrest = 30s;
constexpr std::array<std::chrono::milliseconds, 5> pauses = {10s, 30s, 2min, 5min, 15min};
constexpr std::chrono::milliseconds longest_pause = 20min;  ///< more than any that pause_after() tells

std::string folder_of(const queue::Entry& entry) {
  return entry.token ? entry.token->git_folder.string() : std::string();
}

/// When it was made; what tells nothing, long ago.
Time since(const queue::Entry& entry) {
  return entry.token ? entry.token->since : Time();
}

/// The rebase, or whatever it is, will end, and what moved meanwhile is looked at again.
bool passes_by_itself(const BranchOutcome& branch) {
  return branch.result == Result::ok || branch.reason == Reason::busy || branch.reason == Reason::stale;
}

bool all_pass(const std::vector<BranchOutcome>& branches) {
  return std::ranges::all_of(branches, passes_by_itself);
}

std::chrono::milliseconds pause_after(unsigned failures, double dice) {
  const auto pause = pauses[std::min<std::size_t>(failures, pauses.size()) - 1];
  constexpr double least = 0.75;
  return std::chrono::milliseconds(static_cast<long long>(static_cast<double>(pause.count()) * (least + dice / 2)));
}

}  // namespace

std::vector<Work> gather(const std::vector<queue::Entry>& entries) {
  std::map<std::string, Work> by_folder;
  for (const queue::Entry& entry : entries) {
    Work& work = by_folder[folder_of(entry)];
    work.git_folder = folder_of(entry);
    work.entries.push_back(entry);
  }
  std::vector<Work> works;
  for (auto& [folder, work] : by_folder) {
    std::ranges::stable_sort(work.entries, {}, since);
    works.push_back(std::move(work));
  }
  return works;
}

bool has_news(const Work& work, const Tries& tries) {
  const auto known = tries.find(work.git_folder);
  return known == tries.end() || std::ranges::any_of(work.entries, [&](const queue::Entry& entry) {
           return !known->second.entries.contains(entry.name);
         });
}

std::vector<Work> due(const std::vector<Work>& works, const Tries& tries, Time now) {
  std::vector<Work> all;
  for (const Work& work : works) {
    const auto known = tries.find(work.git_folder);
    const auto next = known == tries.end() ? std::nullopt : known->second.next;
    const bool waited = next && (*next <= now || *next > now + longest_pause);
    if (has_news(work, tries) || waited) all.push_back(work);
  }
  return all;
}

Tries second_chance(const Tries& tries, Time now) {
  Tries others = tries;
  for (auto& [folder, one] : others) {
    const bool just_now = one.last <= now && now - one.last < pauses.back();
    if (!one.next && !just_now) one.next = now;
  }
  return others;
}

std::optional<Time> next_due(const std::vector<Work>& works, const Tries& tries) {
  std::optional<Time> next;
  for (const Work& work : works) {
    const auto known = tries.find(work.git_folder);
    if (known == tries.end() || !known->second.next) continue;
    if (!next || *known->second.next < *next) next = known->second.next;
  }
  return next;
}

Time quiet_after(const std::vector<Work>& works, const Tries& tries, Time now) {
  Time first = now;
  Time last{};
  for (const Work& work : works) {
    const auto known = tries.find(work.git_folder);
    for (const queue::Entry& entry : work.entries) {
      const bool tried = known != tries.end() && known->second.entries.contains(entry.name);
      if (tried || since(entry) > now) continue;  // what is told by a clock that was wrong is not waited for
      first = std::min(first, since(entry));
      last = std::max(last, since(entry));
    }
  }
  return std::min(last + quiet, first + longest_unrest);
}

Verb verb_of(queue::Event event) {
  return event == queue::Event::checkout ? Verb::pull : Verb::push;
}

bool reacts(const Project& project, queue::Event event) {
  if (project.client != Client::git) return false;
  const bool wanted = std::ranges::find(project.hooks, to_string(event)) != project.hooks.end();
  return wanted && has_step(project, Operation::now, verb_of(event));
}

std::vector<const Project*> concerned(const Work& work, const queue::Entry& entry, const ProjectsByFolder& projects) {
  std::vector<const Project*> all;
  for (const auto& [folder, members] : projects) {
    for (const Project* const project : members) {
      const bool meant = entry.token ? folder == work.git_folder && reacts(*project, entry.token->event)
                                     : project->client == Client::git;
      if (meant) all.push_back(project);
    }
  }
  return all;
}

void hear(Heard& heard, Operation operation, const RunReport& report) {
  if (report.dry_run) return;
  for (const ProjectOutcome& outcome : report.projects) {
    if (operation == Operation::pull || operation == Operation::now) heard[{Verb::pull, outcome.name}] = &outcome;
    if (operation == Operation::push || operation == Operation::now) heard[{Verb::push, outcome.name}] = &outcome;
  }
}

Verdict verdict_of(const ProjectOutcome& outcome) {
  const std::string reason = complaint_of(outcome).message;
  switch (outcome.status) {
    case Status::ok: break;
    case Status::skipped: return {.kind = Verdict::Kind::untold, .reason = {}};  // its direction, or it was interrupted
    case Status::offline:
    case Status::locked: return {.kind = Verdict::Kind::again, .reason = reason};
    case Status::failed: return {.kind = Verdict::Kind::broken, .reason = reason};
    case Status::auth: return {.kind = Verdict::Kind::person, .reason = reason};
    case Status::attention: break;
  }
  if (outcome.status == Status::ok) {
    // What a run in the background has left as it is, because it is in use.
    const auto left =
        std::ranges::find_if(outcome.branches, [](const auto& branch) { return branch.reason.has_value(); });
    if (left == outcome.branches.end()) return {};
    return {.kind = Verdict::Kind::again, .reason = left->name + " " + left->message};
  }
  const bool passes = outcome.message.empty() && all_pass(outcome.branches) && all_pass(outcome.tags);
  return {.kind = passes ? Verdict::Kind::again : Verdict::Kind::person, .reason = reason};
}

Verdict verdict_of(const Work& work, const queue::Entry& entry, const ProjectsByFolder& projects, const Heard& heard) {
  Verdict worst;
  const auto take = [&](Verdict verdict) {
    if (verdict.kind > worst.kind) worst = std::move(verdict);
  };
  for (const Project* const project : concerned(work, entry, projects)) {
    for (const Verb verb : {Verb::pull, Verb::push}) {
      const bool asked = entry.token ? verb == verb_of(entry.token->event) : has_step(*project, Operation::now, verb);
      if (!asked) continue;
      const auto outcome = heard.find({verb, project->name});
      if (outcome == heard.end()) {
        take({.kind = Verdict::Kind::untold, .reason = {}});
      } else {
        take(verdict_of(*outcome->second));
      }
    }
  }
  return worst;
}

Try after_try(const Try& before, const Work& work, const Verdict& verdict, Time now, double dice) {
  Try after = before;
  after.entries.clear();
  bool news = false;
  for (const queue::Entry& entry : work.entries) {
    news = news || !before.entries.contains(entry.name);
    after.entries.insert(entry.name);
  }
  after.reason = verdict.reason;
  after.failures = news ? 1 : before.failures + 1;
  after.last = now;
  after.next.reset();
  if (verdict.kind != Verdict::Kind::person) after.next = now + pause_after(after.failures, dice);
  return after;
}

std::vector<std::string> superfluous(const Work& work) {
  std::set<std::optional<queue::Event>> seen;
  std::vector<std::string> names;
  for (std::size_t left = work.entries.size(); left > 0; --left) {
    const queue::Entry& entry = work.entries[left - 1];
    const auto event = entry.token ? std::optional(entry.token->event) : std::nullopt;
    if (!seen.insert(event).second) names.push_back(entry.name);
  }
  return names;
}

}  // namespace syncmanager::sync
