#include "sync/push.hpp"

#include <string_view>
#include <variant>
#include <vector>

#include "sync/tracking.hpp"

namespace syncmanager::sync {

namespace {

/// One ref on its way, with the outcome that it has if the server takes it.
struct Sending {
  git::PushedRef ref;
  BranchOutcome outcome;
  bool is_tag = false;
};

BranchOutcome outcome_of(const std::string& name, Done action, const std::optional<Oid>& from,
                         const std::optional<Oid>& to) {
  BranchOutcome outcome;
  outcome.name = name;
  outcome.action = action;
  outcome.side = Side::server;
  outcome.before = from;
  outcome.after = to;
  return outcome;
}

/// Turns one decision of a push into a ref to send, or into an outcome.
struct Push {
  Workspace& work;
  const std::string& name;
  const BranchFacts& facts;
  std::vector<Sending>& sendings;

  void operator()(const Nothing& /*action*/) const { rest(); }
  void operator()(const ForgetBase& /*action*/) const { rest(); }
  void operator()(const Create& /*action*/) const { send(Done::create); }
  void operator()(const FastForward& /*action*/) const { send(Done::fast_forward); }
  void operator()(const Delete& action) const { refuse_for(action.why); }
  void operator()(const Replace& action) const { refuse_for(action.why); }
  void operator()(const Integrate& /*action*/) const { refuse_for(Reason::diverged); }
  void operator()(const Park& action) const { refuse_for(action.why); }
  void operator()(const Refuse& action) const { refuse_for(action.why); }

 private:
  void rest() const { work.branches.add(unchanged(name, facts.server)); }
  void refuse_for(Reason reason) const { work.branches.add(refusal(work, name, reason, facts)); }
  void send(Done action) const {
    sendings.push_back({.ref = {.name = git::heads_prefix + name, .from = facts.server, .to = facts.local},
                        .outcome = outcome_of(name, action, facts.server, facts.local)});
  }
};

void plan_branch(Workspace& work, const std::string& name, std::vector<Sending>& sendings) {
  work.branches.attempt(name, [&] {
    const BranchFacts facts = branch_facts(work.view, work.repository, work.here, name);
    std::visit(Push{work, name, facts, sendings}, decide(facts, policy_of(work, Verb::push)));
  });
}

void plan_tag(Workspace& work, const std::string& name, std::vector<Sending>& sendings) {
  const TagFacts facts = tag_facts(work.view, work.here, name);
  const Action action = decide(facts, policy_of(work, Verb::push));
  if (std::holds_alternative<Create>(action)) {
    sendings.push_back({.ref = {.name = git::tags_prefix + name, .from = std::nullopt, .to = facts.local},
                        .outcome = outcome_of(name, Done::create, std::nullopt, facts.local),
                        .is_tag = true});
    return;
  }
  BranchOutcome outcome = unchanged(name, facts.server);
  if (std::holds_alternative<Refuse>(action)) {
    refuse(outcome, Reason::tag_moved, explain_tag(work.project, name));
  }
  work.tags.add(std::move(outcome));
}

/// What the server's answer makes of the outcome.
BranchOutcome answered(const Workspace& work, const Sending& sending, const git::PushResult& result) {
  BranchOutcome outcome = sending.outcome;
  if (result.pushed == git::Pushed::yes) return outcome;
  if (result.pushed == git::Pushed::stale) {
    refuse(outcome, Reason::stale, explain(Reason::stale, work.project, outcome.name, {}, {}));
    return outcome;
  }
  outcome.result = Result::failed;
  const bool rejected = result.pushed == git::Pushed::rejected;
  if (rejected) outcome.reason = Reason::rejected;
  outcome.message = (rejected ? "the server refused it: " : "") + result.message;
  return outcome;
}

void take_result(Workspace& work, const Sending& sending, const git::PushResult& result) {
  const bool accepted = result.pushed == git::Pushed::yes;
  const std::string& name = sending.outcome.name;
  if (accepted) (sending.is_tag ? work.view.server.tags : work.view.server.branches)[name] = *sending.ref.to;
  (sending.is_tag ? work.tags : work.branches).add(answered(work, sending, result));
  if (accepted && !sending.is_tag && sending.outcome.action == Done::create) {
    work.new_branches.push_back(name);
  }
}

void send(Workspace& work, const std::vector<Sending>& sendings) {
  if (sendings.empty()) return;
  std::vector<git::PushedRef> refs;
  for (const Sending& sending : sendings) refs.push_back(sending.ref);
  std::vector<git::PushResult> results(refs.size(), {.pushed = git::Pushed::yes, .message = {}});
  if (!work.job.request.dry_run)
    results = work.remote.push(work.repository, refs, on_transfer(work), work.server_words);
  for (std::size_t i = 0; i < sendings.size(); ++i) {
    if (work.job.request.dry_run) {
      (sendings[i].is_tag ? work.tags : work.branches).add(sendings[i].outcome);
    } else {
      take_result(work, sendings[i], results[i]);
    }
  }
}

}  // namespace

void push(Workspace& work) {
  fetch_missing(work, Verb::push);
  std::vector<Sending> sendings;
  for (const std::string& name : branch_names(work.view, work.project)) plan_branch(work, name, sendings);
  for (const std::string& name : tag_names(work.view, work.project)) {
    work.tags.attempt(name, [&] { plan_tag(work, name, sendings); });
  }
  send(work, sendings);
  if (!work.job.request.dry_run) track(work);
}

}  // namespace syncmanager::sync
