#include "sync/push.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sync/decided.hpp"
#include "sync/parking.hpp"
#include "sync/tracking.hpp"

namespace syncmanager::sync {

namespace {

/// One ref on its way.
struct Sending {
  enum class Kind { branch, tag, parked };
  Kind kind = Kind::branch;
  git::PushedRef ref;
  /// What is reported if the server takes it, and for a parked ref in any case; nothing of one that is parked no more.
  std::optional<BranchOutcome> outcome;
  std::string name;  ///< of the branch or tag
};

using Sendings = std::vector<Sending>;

/// Keeps here what a ref of the server is about to lose.
void rescue(Workspace& work, const std::string& name, const Oid& tip) {
  if (work.job.request.dry_run) return;
  if (!work.repository.has(tip)) throw Error(ErrorKind::failed, "the server's commit is not here: " + tip.short_hex());
  work.rescuer.keep(name, tip, std::chrono::system_clock::now());
}

BranchOutcome kept_there(const Workspace& work, BranchOutcome outcome) {
  outcome.message += "; yours is kept on the server as " + parked_name(work, outcome.name);
  return outcome;
}

/// Turns one decision of a push into a ref to send, or into an outcome.
struct Push {
  Workspace& work;
  const std::string& name;
  const BranchFacts& facts;
  Sendings& sendings;
  git::RefMap& staying;  ///< the server's branches, without those that the same push deletes

  void operator()(const Nothing& /*action*/) const { rest(); }
  void operator()(const ForgetBase& /*action*/) const { rest(); }
  void operator()(const Create& /*action*/) const {
    if (git::clashing_name(staying, name).empty()) return send(Done::create, facts.local);
    if (work.project.park) return park_for(Reason::name_clash);
    refuse_for(Reason::name_clash);
  }
  void operator()(const FastForward& /*action*/) const { send(Done::fast_forward, facts.local); }
  void operator()(const Delete& /*action*/) const {
    rescue(work, name, *facts.server);
    send(Done::remove, std::nullopt);
    staying.erase(name);
  }
  void operator()(const Replace& /*action*/) const {
    rescue(work, name, *facts.server);
    send(Done::replace, facts.local);
  }
  void operator()(const Integrate& /*action*/) const { refuse_for(Reason::diverged); }
  void operator()(const Park& action) const { park_for(action.why); }
  void operator()(const Refuse& action) const { refuse_for(action.why); }

 private:
  void rest() const { work.branches.add(unchanged(name, facts.server)); }
  void refuse_for(Reason reason) const { work.branches.add(refusal(work, name, reason, facts)); }
  void send(Done action, const std::optional<Oid>& to) const {
    BranchOutcome outcome;
    outcome.name = name;
    outcome.action = action;
    outcome.side = Side::server;
    outcome.before = facts.server;
    outcome.after = to;
    sendings.push_back({.kind = Sending::Kind::branch,
                        .ref = {.name = git::heads_prefix + name, .from = facts.server, .to = to},
                        .outcome = std::move(outcome),
                        .name = name});
  }
  void park_for(Reason reason) const {
    // The pull before may know more of it: which files are in conflict, or in the way.
    const BranchOutcome* const earlier = work.branches.find(name);
    const bool known = earlier != nullptr && earlier->result == Result::attention && earlier->reason != reason;
    BranchOutcome outcome = known ? *earlier : refusal(work, name, reason, facts);
    outcome.side = Side::server;
    auto ref = park(work, name, facts.local);
    outcome.action = Done::park;
    if (!ref) {
      work.branches.add(kept_there(work, std::move(outcome)));
    } else {
      sendings.push_back(
          {.kind = Sending::Kind::parked, .ref = std::move(*ref), .outcome = std::move(outcome), .name = name});
    }
  }
};

void plan_tag(Workspace& work, const std::string& name, Sendings& sendings) {
  const TagFacts facts = tag_facts(work.view, work.here, name);
  const Action action = decide(facts, policy_of(work, Verb::push));
  BranchOutcome outcome = unchanged(name, facts.server);
  if (std::holds_alternative<Create>(action)) {
    outcome.action = Done::create;
    outcome.side = Side::server;
    outcome.after = facts.local;
    sendings.push_back({.kind = Sending::Kind::tag,
                        .ref = {.name = git::tags_prefix + name, .from = std::nullopt, .to = facts.local},
                        .outcome = std::move(outcome),
                        .name = name});
    return;
  }
  if (std::holds_alternative<Refuse>(action)) {
    refuse(outcome, Reason::tag_moved, explain_tag(work.project, name));
  }
  work.tags.add(std::move(outcome));
}

bool is_refused(const git::PushResult& result) {
  return result.pushed == git::Pushed::rejected || result.pushed == git::Pushed::held_back;
}

/// Why the ref did not move.
std::string words_of(const git::PushResult& result) {
  switch (result.pushed) {
    case git::Pushed::yes: break;
    case git::Pushed::stale: return "it moved there meanwhile";
    case git::Pushed::rejected: return "the server refused it: " + result.message;
    case git::Pushed::held_back: return "the pre-push hook refused it: " + result.message;
    case git::Pushed::untold: return result.message;
  }
  return {};
}

/// What the server's answer makes of the outcome of a branch or a tag.
BranchOutcome answered(const Workspace& work, const Sending& sending, const git::PushResult& result) {
  BranchOutcome outcome = *sending.outcome;
  if (result.pushed == git::Pushed::yes) return outcome;
  if (result.pushed == git::Pushed::stale) {
    refuse(outcome, Reason::stale, explain(Reason::stale, work.project, outcome.name, {}, {}));
    return outcome;
  }
  outcome.result = Result::failed;
  if (is_refused(result)) outcome.reason = Reason::rejected;
  outcome.message = words_of(result);
  return outcome;
}

void set_or_erase(git::RefMap& refs, const std::string& name, const std::optional<Oid>& tip) {
  refs.erase(name);
  if (tip) refs.emplace(name, *tip);
}

void take_parked(Workspace& work, const Sending& sending, const git::PushResult& result) {
  const bool accepted = result.pushed == git::Pushed::yes;
  if (accepted) remember_parked(work, sending.name, sending.ref.to);
  const bool stayed = is_refused(result) || result.pushed == git::Pushed::stale;
  if (stayed) forget_parking(work, sending.name);
  if (!sending.outcome) return;
  BranchOutcome outcome = *sending.outcome;
  if (accepted) {
    outcome = kept_there(work, std::move(outcome));
  } else {
    outcome.message += "; it could not be kept there as " + sending.ref.name + ": " + words_of(result);
  }
  work.branches.add(std::move(outcome));
}

void take_result(Workspace& work, const Sending& sending, const git::PushResult& result) {
  const bool accepted = result.pushed == git::Pushed::yes;
  switch (sending.kind) {
    case Sending::Kind::branch:
      if (accepted) set_or_erase(work.view.server.branches, sending.name, sending.ref.to);
      if (accepted && sending.outcome->action == Done::create) work.new_branches.push_back(sending.name);
      work.branches.add(answered(work, sending, result));
      return;
    case Sending::Kind::tag:
      if (accepted) set_or_erase(work.view.server.tags, sending.name, sending.ref.to);
      work.tags.add(answered(work, sending, result));
      return;
    case Sending::Kind::parked: return take_parked(work, sending, result);
  }
}

/// Sends them in one push, and returns those that the server, or a hook here, refused.
Sendings send(Workspace& work, const Sendings& sendings) {
  Sendings refused;
  if (sendings.empty()) return refused;
  std::vector<git::PushedRef> refs;
  for (const Sending& sending : sendings) refs.push_back(sending.ref);
  const std::vector<git::PushResult> results =
      work.remote.push(work.repository, refs, on_transfer(work), work.server_words);
  std::vector<JournalEntry> sent;
  for (std::size_t i = 0; i < sendings.size(); ++i) {
    const git::PushedRef& ref = sendings[i].ref;
    take_result(work, sendings[i], results[i]);
    if (is_refused(results[i])) refused.push_back(sendings[i]);
    const bool counts = results[i].pushed == git::Pushed::yes && sendings[i].kind != Sending::Kind::parked;
    if (counts) sent.push_back({.kind = JournalEntry::Kind::sent, .ref = ref.name, .from = ref.from, .to = ref.to});
  }
  if (work.journal != nullptr) work.journal->add(sent);
  return refused;
}

/// What would be sent.
void preview(Workspace& work, const Sendings& sendings) {
  for (const Sending& sending : sendings) {
    if (!sending.outcome) continue;
    (sending.kind == Sending::Kind::tag ? work.tags : work.branches).add(*sending.outcome);
  }
}

/// Parks the branch at `tip`, or no more, beside what is reported of it.
void plan_parking(Workspace& work, const std::string& branch, const std::optional<Oid>& tip, Sendings& sendings) {
  work.branches.attempt(branch, [&] {
    auto ref = park(work, branch, tip);
    if (!ref) return;
    sendings.push_back(
        {.kind = Sending::Kind::parked, .ref = std::move(*ref), .outcome = std::nullopt, .name = branch});
  });
}

/// A branch that is refused is kept on the server too, so that its work is not on one disk alone.
Sendings park_refused(Workspace& work, const Sendings& refused) {
  Sendings sendings;
  for (const Sending& sending : refused) {
    if (sending.kind != Sending::Kind::branch || !sending.ref.to || !work.project.park) continue;
    plan_parking(work, sending.name, sending.ref.to, sendings);
  }
  return sendings;
}

/// git-receive-pack does not tell which branch the server's HEAD names. That one must not be deleted.
void learn_head(Workspace& work) {
  const auto deleted_here = [&](const auto& known) {
    return !work.view.local.branches.contains(known.first) && work.view.server.branches.contains(known.first);
  };
  const bool matters = work.view.server.head.empty() && std::ranges::any_of(work.view.base.tips, deleted_here);
  if (matters) work.view.server = work.remote.list();
}

Sendings plan(Workspace& work) {
  Sendings sendings;
  settle_parking(work);
  git::RefMap staying = work.view.server.branches;
  const auto names = branch_names(work.view, work.project);
  for (const Decided& decided : decide_all(work, Verb::push, {names.begin(), names.end()})) {
    work.branches.attempt(decided.name, [&] {
      std::visit(Push{work, decided.name, decided.facts, sendings, staying}, decided.action);
    });
  }
  for (const std::string& name : tag_names(work.view, work.project)) {
    work.tags.attempt(name, [&] { plan_tag(work, name, sendings); });
  }
  for (const std::string& branch : settled_and_parked(work)) {
    plan_parking(work, branch, std::nullopt, sendings);
  }
  return sendings;
}

}  // namespace

void push(Workspace& work) {
  learn_head(work);
  fetch_missing(work, Verb::push);
  const Sendings sendings = plan(work);
  if (work.job.request.dry_run) return preview(work, sendings);
  send(work, park_refused(work, send(work, sendings)));
  track(work);
  track_head(work);
}

}  // namespace syncmanager::sync
