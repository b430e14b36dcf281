#include "model/plan.hpp"

namespace syncmanager {

namespace {

constexpr Side written_by(Verb verb) {
  return verb == Verb::pull ? Side::local : Side::server;
}

/// An action for the verb that writes `side`; the other verb has nothing to do with it.
Action on(Side side, const Policy& policy, const Action& action) {
  return written_by(policy.verb) == side ? action : Action{Nothing{}};
}

/// What a person must decide, or --force does: the side that the verb writes takes the other's state. Where the verb
/// would do nothing or something plain without --force, it does the same with it.
Action for_a_person(const BranchFacts& facts, const Policy& policy, Reason why) {
  if (!policy.force) return Refuse{why};
  const Side side = written_by(policy.verb);
  const auto& source = side == Side::local ? facts.server : facts.local;
  const auto& target = side == Side::local ? facts.local : facts.server;
  if (!source) return Delete{side, why};
  if (!target) return Create{side};
  return Replace{side, why};
}

/// What push does with work that it can't publish.
Action unpublished(const Policy& policy, Reason why) {
  if (policy.park) return Park{why};
  return Refuse{why};
}

Action decide_diverged(const BranchFacts& facts, const Policy& policy) {
  if (policy.force) return for_a_person(facts, policy, Reason::diverged);
  if (policy.verb == Verb::push) return unpublished(policy, Reason::diverged);
  if (policy.diverged == Diverged::report) return Refuse{Reason::diverged};
  return Integrate{policy.diverged};
}

Action decide_rewritten_here(const BranchFacts& facts, const Policy& policy) {
  const bool goes_by_itself =
      policy.rewrites == Rewrites::push || (policy.rewrites == Rewrites::own && facts.own_commits);
  if (policy.verb == Verb::pull) {
    if (policy.force && !goes_by_itself) return Replace{Side::local, Reason::rewritten};
    return Nothing{};
  }
  if (policy.force || goes_by_itself) return Replace{Side::server, Reason::rewritten};
  return unpublished(policy, Reason::rewritten);
}

Action decide_rewound(const BranchFacts& facts, const Policy& policy) {
  const bool only_here = facts.local && facts.server == facts.base;
  if (only_here && policy.rewrites == Rewrites::push) {
    // The push decides it, and so no pull before that may, not even by force.
    if (policy.verb == Verb::pull) return Refuse{Reason::rewound};
    return Replace{Side::server, Reason::rewound};
  }
  return for_a_person(facts, policy, Reason::rewound);
}

Action decide_both_exist(const BranchFacts& facts, const Policy& policy) {
  switch (facts.local_to_server) {
    case Relation::same: return Nothing{};
    case Relation::before: return on(Side::local, policy, FastForward{Side::local});
    case Relation::after: return on(Side::server, policy, FastForward{Side::server});
    case Relation::unrelated: break;
  }
  if (facts.base && facts.local == facts.base) {
    return on(Side::local, policy, Replace{Side::local, Reason::rewritten});
  }
  if (facts.base && facts.server == facts.base) return decide_rewritten_here(facts, policy);
  return decide_diverged(facts, policy);
}

Action decide_only_here(const BranchFacts& facts, const Policy& policy) {
  if (!facts.base) return on(Side::server, policy, Create{Side::server});
  if (facts.local == facts.base) {
    if (policy.deletions == Deletions::keep) return Nothing{};
    return on(Side::local, policy, Delete{Side::local, Reason::deleted});
  }
  if (policy.verb == Verb::push) return Create{Side::server};
  return for_a_person(facts, policy, Reason::deleted);
}

Action decide_only_there(const BranchFacts& facts, const Policy& policy) {
  if (!facts.base) return on(Side::local, policy, Create{Side::local});
  if (facts.server == facts.base) {
    if (policy.deletions == Deletions::keep) return Nothing{};
    return on(Side::server, policy, Delete{Side::server, Reason::deleted});
  }
  return on(Side::local, policy, Create{Side::local});
}

bool rewound(const BranchFacts& facts) {
  if (!facts.base) return false;
  return (facts.local && facts.local_to_base == Relation::before) ||
         (facts.server && facts.server_to_base == Relation::before);
}

Action decide_by_table(const BranchFacts& facts, const Policy& policy) {
  if (facts.local == facts.server) {
    if (!facts.local && facts.base) return ForgetBase{};
    return Nothing{};
  }
  if (rewound(facts)) return decide_rewound(facts, policy);
  if (facts.local && facts.server) return decide_both_exist(facts, policy);
  return facts.local ? decide_only_here(facts, policy) : decide_only_there(facts, policy);
}

bool changes_here(const Action& action) {
  if (std::holds_alternative<Integrate>(action)) return true;
  if (const auto* deleted = std::get_if<Delete>(&action)) return deleted->side == Side::local;
  if (const auto* created = std::get_if<Create>(&action)) return created->side == Side::local;
  if (const auto* forward = std::get_if<FastForward>(&action)) return forward->side == Side::local;
  if (const auto* replaced = std::get_if<Replace>(&action)) return replaced->side == Side::local;
  return false;
}

/// Worktrees and the server's default branch keep their branch, whoever asks for its end. An alias moves only together
/// with the branch that it stands for, and is the user's to remove.
Action guarded(const Action& action, const BranchFacts& facts) {
  if (std::holds_alternative<Nothing>(action) || std::holds_alternative<ForgetBase>(action)) return action;
  if (facts.busy) return Refuse{Reason::busy};
  if (!facts.alias_of.empty() && changes_here(action)) return Refuse{Reason::alias};
  if (const auto* deletion = std::get_if<Delete>(&action)) {
    if (deletion->side == Side::local && facts.checked_out) return Refuse{Reason::checked_out};
    if (deletion->side == Side::server && facts.server_default) return Refuse{Reason::protected_ref};
  }
  return action;
}

}  // namespace

Action decide(const BranchFacts& facts, const Policy& policy) {
  return guarded(decide_by_table(facts, policy), facts);
}

bool is_mass_deletion(std::size_t deletions, std::size_t branches) {
  constexpr std::size_t harmless = 3;
  return deletions > harmless && 2 * deletions > branches;
}

Action decide(const TagFacts& facts, const Policy& policy) {
  if (facts.local == facts.server) return Nothing{};
  if (facts.local && facts.server) return Refuse{Reason::tag_moved};
  return facts.local ? on(Side::server, policy, Create{Side::server}) : on(Side::local, policy, Create{Side::local});
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::diverged: return "diverged";
    case Reason::rewritten: return "rewritten";
    case Reason::rewound: return "rewound";
    case Reason::deleted: return "deleted";
    case Reason::mass_deletion: return "mass-deletion";
    case Reason::conflict: return "conflict";
    case Reason::checked_out: return "checked-out";
    case Reason::protected_ref: return "protected";
    case Reason::busy: return "busy";
    case Reason::dirty: return "dirty";
    case Reason::stale: return "stale";
    case Reason::rejected: return "rejected";
    case Reason::name_clash: return "name-clash";
    case Reason::alias: return "alias";
    case Reason::bad_name: return "bad-name";
    case Reason::tag_moved: return "tag-moved";
    case Reason::published: return "published";
  }
  return "";
}

}  // namespace syncmanager
