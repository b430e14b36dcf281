#include "sync/pull.hpp"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "git/worktree.hpp"
#include "sync/tracking.hpp"

namespace syncmanager::sync {

namespace {

/// Moves one local branch to the server's tip, and its working tree where a worktree holds it.
class LocalBranch {
 public:
  LocalBranch(Workspace& work, std::string name, BranchFacts facts)
      : work_(work), name_(std::move(name)), facts_(std::move(facts)) {}

  BranchOutcome move(Done action) {
    BranchOutcome outcome;
    outcome.name = name_;
    outcome.action = action;
    outcome.side = Side::local;
    outcome.before = facts_.local;
    outcome.after = facts_.server;
    if (!work_.repository.has(*facts_.server)) {
      throw Error(ErrorKind::failed, "the server did not send its commit " + facts_.server->short_hex());
    }
    if (!work_.repository.is_commit(*facts_.server)) {
      throw Error(ErrorKind::failed, "the server's " + name_ + " is no commit");
    }
    if (work_.job.request.dry_run) {
      work_.view.local.move_branch(name_, *facts_.server);  // its aliases are judged by where it would be
      return outcome;
    }
    // The fetch may have taken long: what the worktrees hold by now is what counts.
    work_.view.worktrees = work_.repository.worktrees();
    if (work_.view.worktrees.busy.contains(name_)) return refusal(work_, name_, Reason::busy, facts_);
    const auto worktree = work_.view.worktrees.checked_out.find(name_);
    if (worktree == work_.view.worktrees.checked_out.end()) return move_ref(outcome);
    return move_tree(worktree->second, outcome);
  }

 private:
  BranchOutcome move_ref(const BranchOutcome& outcome) {
    const std::string ref = git::heads_prefix + name_;
    const std::string log = "sync: " + std::string(to_string(outcome.action));
    switch (work_.repository.move_ref(ref, facts_.local, *facts_.server, log)) {
      case git::Moved::yes: return arrived(outcome);
      case git::Moved::stale: return refusal(work_, name_, Reason::stale, facts_);
      case git::Moved::name_clash: return refusal(work_, name_, Reason::name_clash, facts_);
      case git::Moved::bad_name: return refusal(work_, name_, Reason::bad_name, facts_);
    }
    return outcome;
  }

  BranchOutcome move_tree(const std::filesystem::path& folder, BranchOutcome outcome) {
    std::error_code unreachable;  // is away, too
    if (!std::filesystem::exists(folder, unreachable)) {
      refuse(outcome, Reason::checked_out,
             {"it is checked out in a worktree that is away: " + folder.string(),
              "bring the folder back, or run git worktree prune in the project"});
      return outcome;
    }
    git::TreeResult result = git::fast_forward_tree(work_.job.environment, folder, name_, facts_.local, *facts_.server);
    switch (result.moved) {
      case git::TreeMoved::yes: return arrived(outcome);
      case git::TreeMoved::stale: return refusal(work_, name_, Reason::stale, facts_);
      case git::TreeMoved::dirty: {
        BranchOutcome dirty = refusal(work_, name_, Reason::dirty, facts_);
        dirty.files = std::move(result.files);
        return dirty;
      }
      case git::TreeMoved::failed: break;
    }
    outcome.result = Result::failed;
    outcome.message = "git merge --ff-only: " + std::string(trim(result.message));
    return outcome;
  }

  BranchOutcome arrived(const BranchOutcome& outcome) {
    work_.view.local.move_branch(name_, *facts_.server);
    if (outcome.action == Done::create) work_.new_branches.push_back(name_);
    return outcome;
  }

  Workspace& work_;
  std::string name_;
  BranchFacts facts_;
};

/// Applies one decision of a pull. Only moves that lose nothing are made; all else waits for a person.
struct Pull {
  Workspace& work;
  const std::string& name;
  const BranchFacts& facts;

  BranchOutcome operator()(const Nothing& /*action*/) const { return unchanged(name, facts.local); }
  BranchOutcome operator()(const ForgetBase& /*action*/) const { return unchanged(name, facts.local); }
  BranchOutcome operator()(const Create& /*action*/) const { return LocalBranch(work, name, facts).move(Done::create); }
  BranchOutcome operator()(const FastForward& /*action*/) const {
    return LocalBranch(work, name, facts).move(Done::fast_forward);
  }
  BranchOutcome operator()(const Delete& action) const { return refusal(work, name, action.why, facts); }
  BranchOutcome operator()(const Replace& action) const { return refusal(work, name, action.why, facts); }
  BranchOutcome operator()(const Integrate& /*action*/) const { return refusal(work, name, Reason::diverged, facts); }
  BranchOutcome operator()(const Park& action) const { return refusal(work, name, action.why, facts); }
  BranchOutcome operator()(const Refuse& action) const { return refusal(work, name, action.why, facts); }
};

void pull_branch(Workspace& work, const std::string& name) {
  stop_if(work.job.request.interrupt);
  work.branches.attempt(name, [&] {
    const BranchFacts facts = branch_facts(work.view, work.repository, work.here, name);
    work.branches.add(std::visit(Pull{work, name, facts}, decide(facts, policy_of(work, Verb::pull))));
  });
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
  if (!work.job.request.dry_run) track(work);
  // An alias comes after the branch that it stands for, with which it moves.
  const auto names = branch_names(work.view, work.project);
  for (const bool alias : {false, true}) {
    for (const std::string& name : names) {
      if (work.view.local.aliases.contains(name) == alias) pull_branch(work, name);
    }
  }
  for (const std::string& name : tag_names(work.view, work.project)) {
    work.tags.attempt(name, [&] { pull_tag(work, name); });
  }
}

}  // namespace syncmanager::sync
