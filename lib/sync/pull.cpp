#include "sync/pull.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "git/integrate.hpp"
#include "model/ref_name.hpp"
#include "sync/decided.hpp"
#include "sync/local_move.hpp"
#include "sync/tracking.hpp"

namespace syncmanager::sync {

namespace {

/// What a pull does with one decision: a move to be made, or an outcome.
struct Pull {
  Workspace& work;
  const std::string& name;
  const BranchFacts& facts;
  std::vector<LocalMove>& moves;

  void operator()(const Nothing& /*action*/) const { rest(); }
  void operator()(const ForgetBase& /*action*/) const { rest(); }
  void operator()(const Create& /*action*/) const { move(Done::create, facts.server); }
  void operator()(const FastForward& /*action*/) const { move(Done::fast_forward, facts.server); }
  void operator()(const Delete& /*action*/) const { move(Done::remove, std::nullopt); }
  void operator()(const Replace& /*action*/) const { move(Done::replace, facts.server); }
  void operator()(const Integrate& action) const { integrate(action.how); }
  void operator()(const Park& action) const { refuse_for(action.why); }
  void operator()(const Refuse& action) const { refuse_for(action.why); }

 private:
  void rest() const { work.branches.add(unchanged(name, facts.local)); }
  void refuse_for(Reason reason) const { work.branches.add(refusal(work, name, reason, facts)); }
  void move(Done action, const std::optional<Oid>& to) const {
    // Nobody but a server that means harm has such a branch: its name must not come near the journal.
    if (!is_ref_name(name)) return refuse_for(Reason::bad_name);
    moves.push_back({.name = name, .facts = facts, .action = action, .to = to});
  }
  void integrate(Diverged how) const {
    const Done action = how == Diverged::merge ? Done::merge : Done::rebase;
    std::optional<BranchOutcome> refused;
    const auto wanted = [&](const Oid& joined, const std::filesystem::path& objects) {
      refused = foresee_refusal(work, {.name = name, .facts = facts, .action = action, .to = joined}, objects);
      return !refused;
    };
    const git::Divergence divergence{.environment = work.job.environment,
                                     .here = work.here,
                                     .repository = work.repository,
                                     .branch = name,
                                     .url = work.project.url.text,
                                     .ours = *facts.local,
                                     .theirs = *facts.server,
                                     .interrupt = work.job.request.interrupt,
                                     .wanted = wanted};
    git::Integrated joined = how == Diverged::merge ? git::merge(divergence) : git::rebase(divergence);
    if (joined.commit) return move(action, joined.commit);
    if (!refused) refused = not_joined(std::move(joined));
    work.branches.add(std::move(*refused));
  }
  [[nodiscard]] BranchOutcome not_joined(git::Integrated joined) const {
    BranchOutcome left = refusal(work, name, joined.conflicts.empty() ? Reason::diverged : Reason::conflict, facts);
    if (!joined.message.empty()) left.message += "; git could not join them: " + std::string(trim(joined.message));
    left.files = std::move(joined.conflicts);
    return left;
  }
};

void take_down(const Workspace& work, const std::vector<LocalMove>& moves) {
  if (work.journal == nullptr) return;
  std::vector<JournalEntry> entries;
  for (const LocalMove& move : moves) {
    const bool in_a_tree = work.view.worktrees.checked_out.contains(move.name);
    entries.push_back({.kind = in_a_tree ? JournalEntry::Kind::tree : JournalEntry::Kind::ref,
                       .ref = git::heads_prefix + move.name,
                       .from = move.facts.local,
                       .to = move.to});
  }
  work.journal->add(entries);
}

/// Decides what becomes of the branches, and returns the moves that follow from it, which the journal tells by now.
std::vector<LocalMove> plan(Workspace& work, const std::vector<std::string>& names) {
  std::vector<LocalMove> moves;
  for (const Decided& decided : decide_all(work, Verb::pull, names)) {
    work.branches.attempt(decided.name, [&] {
      std::visit(Pull{work, decided.name, decided.facts, moves}, decided.action);
    });
  }
  take_down(work, moves);
  return moves;
}

/// Makes it, and returns whether it is certain by that that the branch stayed.
bool stays(Workspace& work, const LocalMove& move) {
  std::optional<bool> arrived;
  work.branches.attempt(move.name, [&] {
    BranchOutcome outcome = apply(work, move);
    arrived = outcome.result == Result::ok;
    work.branches.add(std::move(outcome));
  });
  if (arrived) return !*arrived;
  work.branches.attempt(move.name, [&] {  // an Error leaves it open
    arrived = tip_of(work.repository.refs(work.project.remote).branches, move.name) != move.facts.local;
  });
  return !arrived.value_or(true);
}

/// Makes the moves, and the journal learns which were not made.
void make(Workspace& work, std::span<const LocalMove> moves) {
  for (const LocalMove& move : moves) {
    stop_if(work.job.request.interrupt);
    const std::string ref = git::heads_prefix + move.name;
    if (work.journal != nullptr) work.journal->begin(ref);
    const bool stayed = stays(work, move);
    if (work.journal != nullptr && stayed) work.journal->kept(ref);
  }
}

/// Makes the tag `outcome.after` here, or turns the outcome into a refusal.
void create_tag(Workspace& work, const std::string& name, BranchOutcome& outcome) {
  const auto refuse_for = [&](Reason reason) { refuse(outcome, reason, explain(reason, work.project, name, {}, {})); };
  switch (work.repository.move_ref(git::tags_prefix + name, std::nullopt, *outcome.after, "sync: create")) {
    case git::Moved::yes: work.view.local.tags[name] = *outcome.after; break;
    case git::Moved::stale: refuse_for(Reason::stale); break;
    case git::Moved::name_clash: refuse_for(Reason::name_clash); break;
    case git::Moved::bad_name: refuse_for(Reason::bad_name); break;
  }
}

void pull_tag(Workspace& work, const std::string& name) {
  stop_if(work.job.request.interrupt);
  const TagFacts facts = tag_facts(work.view, work.here, name);
  BranchOutcome outcome;
  outcome.name = name;
  outcome.before = facts.local;
  outcome.after = facts.server;
  const Action action = decide(facts, policy_of(work, Verb::pull));
  if (std::holds_alternative<Create>(action)) {
    outcome.action = Done::create;
    if (!work.job.request.dry_run) create_tag(work, name, outcome);
  } else if (std::holds_alternative<Refuse>(action)) {
    refuse(outcome, Reason::tag_moved, explain_tag(work.project, name));
  }
  work.tags.add(std::move(outcome));
}

}  // namespace

void pull(Workspace& work) {
  fetch_missing(work, Verb::pull);
  const bool dry_run = work.job.request.dry_run;
  if (!dry_run) track(work);
  // An alias comes after the branch that it stands for, with which it moves.
  std::vector<std::string> branches;
  std::vector<std::string> aliases;
  for (const std::string& name : branch_names(work.view, work.project)) {
    (work.view.local.aliases.contains(name) ? aliases : branches).push_back(name);
  }
  std::vector<LocalMove> moves = plan(work, branches);
  // git fills working trees when all other refs are there: its hooks and filters may look at them.
  const auto trees = std::stable_partition(moves.begin(), moves.end(), [&](const LocalMove& move) {
    return !work.view.worktrees.checked_out.contains(move.name);
  });
  make(work, {moves.begin(), trees});
  for (const std::string& name : tag_names(work.view, work.project)) {
    work.tags.attempt(name, [&] { pull_tag(work, name); });
  }
  work.repository.write_new_refs();
  if (!dry_run) track_head(work);
  make(work, {trees, moves.end()});
  make(work, plan(work, aliases));
}

}  // namespace syncmanager::sync
