#include "sync/forecast.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "sync/branch_report.hpp"
#include "sync/decided.hpp"
#include "sync/workspace.hpp"

namespace syncmanager::sync {

namespace {

/// Turns one decision into what a report says of it.
struct Foretold {
  const Project& project;
  const View& view;
  const git::Repository& repository;
  const std::string& name;
  const BranchFacts& facts;

  BranchOutcome operator()(const Nothing& /*action*/) const { return rest(); }
  BranchOutcome operator()(const ForgetBase& /*action*/) const { return rest(); }
  BranchOutcome operator()(const Create& action) const { return take(Done::create, action.side); }
  BranchOutcome operator()(const FastForward& action) const { return take(Done::fast_forward, action.side); }
  BranchOutcome operator()(const Delete& action) const { return take(Done::remove, action.side); }
  BranchOutcome operator()(const Replace& action) const { return take(Done::replace, action.side); }
  BranchOutcome operator()(const Integrate& action) const {
    BranchOutcome outcome = take(action.how == Diverged::merge ? Done::merge : Done::rebase, Side::local);
    outcome.after.reset();  // a commit that is still to be made
    return outcome;
  }
  BranchOutcome operator()(const Park& action) const {
    BranchOutcome outcome = wait(action.why);
    outcome.action = Done::park;
    outcome.side = Side::server;
    if (tip_of(view.local.parked, name) == facts.local) {
      outcome.message += "; yours is kept on the server as " + git::parked_ref(project.computer, name);
    }
    return outcome;
  }
  BranchOutcome operator()(const Refuse& action) const { return wait(action.why); }

 private:
  [[nodiscard]] BranchOutcome rest() const { return unchanged(name, facts.local); }
  [[nodiscard]] BranchOutcome wait(Reason reason) const {
    return refusal(project, view.worktrees, repository, name, reason, facts);
  }
  [[nodiscard]] BranchOutcome take(Done action, Side side) const {
    BranchOutcome outcome;
    outcome.name = name;
    outcome.action = action;
    outcome.side = side;
    outcome.before = side == Side::local ? facts.local : facts.server;
    outcome.after = side == Side::local ? facts.server : facts.local;
    return outcome;
  }
};

class Forecasting {
 public:
  Forecasting(const Project& project, const View& view, const git::Repository& repository)
      : project_(project), view_(view), repository_(repository) {}

  Forecast run() {
    for (const std::string& name : branch_names(view_, project_)) {
      const auto local = tip_of(view_.local.branches, name);
      if (local && local == tip_of(view_.server.branches, name)) {
        report_.add(unchanged(name, local));
      } else {
        report_.attempt(name, [&] { compare(name); });
      }
    }
    if (project_.direction != Direction::push) decide_for(Verb::pull, view_.local.branches);
    if (project_.direction != Direction::pull) decide_for(Verb::push, view_.server.branches);
    Forecast forecast{.outcomes = std::move(report_).take(), .branches = {}};
    for (const BranchOutcome& outcome : forecast.outcomes) forecast.branches.push_back(status_of(outcome.name));
    return forecast;
  }

 private:
  /// A name that only the base record knows is nobody's branch any more.
  void compare(const std::string& name) {
    BranchFacts facts = branch_facts(view_, repository_, repository_, name);
    if (facts.local || facts.server) facts_.emplace(name, std::move(facts));
  }

  void decide_for(Verb verb, const git::RefMap& side) {
    std::vector<Decided> all;
    for (const auto& [name, facts] : facts_) {
      const BranchOutcome* const pulled = report_.find(name);
      if (pulled != nullptr && moves(*pulled)) continue;  // which makes both sides equal
      all.push_back({.name = name, .facts = facts, .action = decide(facts, policy_of(project_, verb, false))});
    }
    refuse_mass_deletion(project_, side, all);
    for (const Decided& decided : all) {
      report_.attempt(decided.name, [&] {
        report_.add(std::visit(Foretold{project_, view_, repository_, decided.name, decided.facts}, decided.action));
      });
    }
  }

  BranchStatus status_of(const std::string& name) {
    BranchStatus status;
    status.name = name;
    const auto& worktrees = view_.worktrees;
    if (const auto held = worktrees.checked_out.find(name); held != worktrees.checked_out.end()) {
      status.worktree = held->second.string();
      status.in_own_tree = is_own_tree(project_, held->second);
    }
    if (const auto busy = worktrees.busy.find(name); busy != worktrees.busy.end()) status.busy = busy->second;
    const auto found = facts_.find(name);
    if (found == facts_.end()) return status;
    const BranchFacts& facts = found->second;
    status.standing = standing_of(facts);
    if (!facts.local || !facts.server || !repository_.has(*facts.server)) return status;
    const git::Distance distance = repository_.distance(*facts.local, *facts.server);
    status.ahead = distance.ahead;
    status.behind = distance.behind;
    return status;
  }

  const Project& project_;
  const View& view_;
  const git::Repository& repository_;
  std::map<std::string, BranchFacts> facts_;  ///< of the branches that are not equal
  BranchReport report_;
};

}  // namespace

git::Listing last_seen(const git::LocalRefs& refs) {
  git::Listing listing;
  listing.state = git::Listing::State::found;
  listing.head = refs.tracking_head;
  listing.branches = refs.tracking;
  listing.tags = refs.tags;
  return listing;
}

Forecast forecast(const Project& project, const View& view, const git::Repository& repository) {
  return Forecasting(project, view, repository).run();
}

}  // namespace syncmanager::sync
