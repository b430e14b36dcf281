#include "model/plan.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/outcome.hpp"

using namespace syncmanager;

// The history in which the rows below name their tips: a small letter for each commit, `-` for no branch.
//
//   a ── b ── c ── d      b is the base of most rows, a stands before it, c and d after it
//   │    └─── e           e is after b too, but neither before nor after c and d
//   └─── x ── y           x is b amended: neither before nor after b
namespace {

const std::map<char, std::string_view> ancestors = {{'a', ""},   {'b', "a"}, {'c', "ab"}, {'d', "abc"},
                                                    {'e', "ab"}, {'x', "a"}, {'y', "ax"}};
constexpr std::string_view commits = "abcdexy";

Relation relation(char first, char second) {
  if (first == second) return Relation::same;
  if (ancestors.at(second).find(first) != std::string_view::npos) return Relation::before;
  if (ancestors.at(first).find(second) != std::string_view::npos) return Relation::after;
  return Relation::unrelated;
}

std::optional<Oid> tip(char commit) {
  if (commit == '-') return std::nullopt;
  const auto number = static_cast<char>('1' + commits.find(commit));
  return Oid::from_hex(std::string(40, number));
}

/// `tips` are base, local and server: "b c -".
BranchFacts facts_of(std::string_view tips) {
  const char base = tips[0];
  const char local = tips[2];
  const char server = tips[4];
  BranchFacts facts;
  facts.base = tip(base);
  facts.local = tip(local);
  facts.server = tip(server);
  if (facts.base && facts.local) facts.local_to_base = relation(local, base);
  if (facts.base && facts.server) facts.server_to_base = relation(server, base);
  if (facts.local && facts.server) facts.local_to_server = relation(local, server);
  return facts;
}

std::string words(std::string_view act, Side side) {
  return std::string(act) + ' ' + std::string(to_string(side));
}

std::string words(std::string_view act, Reason why) {
  return std::string(act) + ": " + std::string(to_string(why));
}

struct Words {
  std::string operator()(const Nothing& /*action*/) const { return "-"; }
  std::string operator()(const ForgetBase& /*action*/) const { return "forget"; }
  std::string operator()(const Create& action) const { return words("create", action.side); }
  std::string operator()(const FastForward& action) const { return words("fast-forward", action.side); }
  std::string operator()(const Delete& action) const { return words(words("delete", action.side), action.why); }
  std::string operator()(const Replace& action) const { return words(words("replace", action.side), action.why); }
  std::string operator()(const Integrate& action) const {
    return action.how == Diverged::merge ? "merge" : action.how == Diverged::rebase ? "rebase" : "report";
  }
  std::string operator()(const Park& action) const { return words("park", action.why); }
  std::string operator()(const Refuse& action) const { return words("refuse", action.why); }
};

std::string decided(const BranchFacts& facts, const Policy& policy) {
  return std::visit(Words(), decide(facts, policy));
}

Policy policy_of(Verb verb, bool force) {
  Policy policy;
  policy.verb = verb;
  policy.force = force;
  return policy;
}

/// The side that an action changes, where it changes one.
struct Changed {
  std::optional<Side> operator()(const Create& action) const { return action.side; }
  std::optional<Side> operator()(const FastForward& action) const { return action.side; }
  std::optional<Side> operator()(const Delete& action) const { return action.side; }
  std::optional<Side> operator()(const Replace& action) const { return action.side; }
  std::optional<Side> operator()(const Integrate& /*action*/) const { return Side::local; }
  template <typename Other>
  std::optional<Side> operator()(const Other& /*action*/) const {
    return std::nullopt;
  }
};

/// A policy for each combination of the lowest six bits.
Policy policy_of(unsigned bits) {
  const auto bit = [bits](unsigned number) { return (bits >> number & 1U) != 0; };
  return {bit(0) ? Verb::pull : Verb::push,
          bit(1) ? Diverged::report : Diverged::merge,
          bit(2) ? Deletions::propagate : Deletions::keep,
          bit(3) ? Rewrites::own : Rewrites::push,
          bit(4),
          bit(5)};
}

/// Checks a rule with every state of a branch and every policy; fails for the first that breaks it.
template <typename Rule>
void holds_always(const Rule& rule) {
  const std::string tips = std::string(commits) + '-';
  for (std::size_t i = 0; i < tips.size() * tips.size() * tips.size(); ++i) {
    const std::string state = {tips[i % 8], ' ', tips[i / 8 % 8], ' ', tips[i / 64]};
    BranchFacts facts = facts_of(state);
    for (unsigned bits = 0; bits < 2048; ++bits) {
      facts.checked_out = (bits & 64U) != 0;
      facts.busy = (bits & 128U) != 0;
      facts.server_default = (bits & 256U) != 0;
      facts.own_commits = (bits & 512U) != 0;
      facts.alias_of = (bits & 1024U) != 0 ? "refs/heads/other" : "";
      const Policy policy = policy_of(bits);
      const Action action = decide(facts, policy);
      if (!rule(facts, policy, action)) {
        BOOST_FAIL("base, local and server " << state << ", case " << bits << ": " << std::visit(Words(), action));
      }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(decides_each_row_of_the_table_for_pull_and_push_with_and_without_force) {
  struct Row {
    std::string_view what;
    std::string_view tips;  ///< base, local, server
    std::string_view pull;
    std::string_view push;
    std::string_view forced_pull;
    std::string_view forced_push;
  };
  const Row rows[] = {
      {"equal", "b c c", "-", "-", "-", "-"},
      {"equal and never moved", "b b b", "-", "-", "-", "-"},
      {"equal, no memory", "- c c", "-", "-", "-", "-"},
      {"equal, though both went back", "b a a", "-", "-", "-", "-"},
      {"nothing anywhere", "- - -", "-", "-", "-", "-"},
      {"gone on both sides", "b - -", "forget", "forget", "forget", "forget"},
      {"server ahead, no memory", "- b c", "fast-forward local", "-", "fast-forward local", "-"},
      {"local ahead, no memory", "- c b", "-", "fast-forward server", "-", "fast-forward server"},
      {"new there", "- - c", "create local", "-", "create local", "-"},
      {"new here", "- c -", "-", "create server", "-", "create server"},
      {"moved there", "b b c", "fast-forward local", "-", "fast-forward local", "-"},
      {"moved here", "b c b", "-", "fast-forward server", "-", "fast-forward server"},
      {"deleted there", "b b -", "delete local: deleted", "-", "delete local: deleted", "-"},
      {"deleted here", "b - b", "-", "delete server: deleted", "-", "delete server: deleted"},
      {"deleted here, moved there", "b - c", "create local", "-", "create local", "-"},
      {"deleted here, rewritten there", "b - x", "create local", "-", "create local", "-"},
      {"deleted there, moved here", "b c -", "refuse: deleted", "create server", "delete local: deleted",
       "create server"},
      {"deleted there, rewritten here", "b x -", "refuse: deleted", "create server", "delete local: deleted",
       "create server"},
      {"rewritten there", "b b x", "replace local: rewritten", "-", "replace local: rewritten", "-"},
      {"rewritten here", "b x b", "-", "park: rewritten", "replace local: rewritten", "replace server: rewritten"},
      {"rewound here", "b a b", "refuse: rewound", "refuse: rewound", "replace local: rewound",
       "replace server: rewound"},
      {"rewound there", "b b a", "refuse: rewound", "refuse: rewound", "replace local: rewound",
       "replace server: rewound"},
      {"rewound here, moved there", "b a c", "refuse: rewound", "refuse: rewound", "replace local: rewound",
       "replace server: rewound"},
      {"moved here, rewound there", "b c a", "refuse: rewound", "refuse: rewound", "replace local: rewound",
       "replace server: rewound"},
      {"rewound here, rewritten there", "b a x", "refuse: rewound", "refuse: rewound", "replace local: rewound",
       "replace server: rewound"},
      {"rewound here, deleted there", "b a -", "refuse: rewound", "refuse: rewound", "delete local: rewound",
       "create server"},
      {"deleted here, rewound there", "b - a", "refuse: rewound", "refuse: rewound", "create local",
       "delete server: rewound"},
      {"both rewound, differently far", "c a b", "refuse: rewound", "refuse: rewound", "replace local: rewound",
       "replace server: rewound"},
      {"both moved, server contains local", "b c d", "fast-forward local", "-", "fast-forward local", "-"},
      {"both moved, local contains server", "b d c", "-", "fast-forward server", "-", "fast-forward server"},
      {"both rewritten, server contains local", "b x y", "fast-forward local", "-", "fast-forward local", "-"},
      {"both rewritten, local contains server", "b y x", "-", "fast-forward server", "-", "fast-forward server"},
      {"diverged", "b c e", "refuse: diverged", "park: diverged", "replace local: diverged",
       "replace server: diverged"},
      {"moved here, rewritten there", "b c x", "refuse: diverged", "park: diverged", "replace local: diverged",
       "replace server: diverged"},
      {"rewritten here, moved there", "b x c", "refuse: diverged", "park: diverged", "replace local: diverged",
       "replace server: diverged"},
      {"diverged, no memory", "- c e", "refuse: diverged", "park: diverged", "replace local: diverged",
       "replace server: diverged"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.what) {
      const BranchFacts facts = facts_of(row.tips);
      BOOST_TEST(decided(facts, policy_of(Verb::pull, false)) == row.pull);
      BOOST_TEST(decided(facts, policy_of(Verb::push, false)) == row.push);
      BOOST_TEST(decided(facts, policy_of(Verb::pull, true)) == row.forced_pull);
      BOOST_TEST(decided(facts, policy_of(Verb::push, true)) == row.forced_push);
    }
  }
}

BOOST_AUTO_TEST_CASE(replaces_rewritten_branches_of_the_server_as_the_policy_says) {
  struct Row {
    Rewrites rewrites;
    bool own_commits;
    bool park;
    bool force;
    std::string_view push;
    std::string_view pull = "-";
  };
  const Row rows[] = {
      {Rewrites::own, true, true, false, "replace server: rewritten"},
      {Rewrites::own, true, true, true, "replace server: rewritten"},
      {Rewrites::own, false, true, false, "park: rewritten"},
      {Rewrites::own, false, false, false, "refuse: rewritten"},
      {Rewrites::own, false, true, true, "replace server: rewritten", "replace local: rewritten"},
      {Rewrites::refuse, true, true, false, "park: rewritten"},
      {Rewrites::refuse, true, false, false, "refuse: rewritten"},
      {Rewrites::refuse, true, true, true, "replace server: rewritten", "replace local: rewritten"},
      {Rewrites::push, false, true, false, "replace server: rewritten"},
      {Rewrites::push, true, true, false, "replace server: rewritten"},
      {Rewrites::push, false, true, true, "replace server: rewritten"},
  };
  for (const Row& row : rows) {
    BranchFacts facts = facts_of("b x b");
    facts.own_commits = row.own_commits;
    Policy policy = policy_of(Verb::push, row.force);
    policy.rewrites = row.rewrites;
    policy.park = row.park;
    BOOST_TEST(decided(facts, policy) == row.push);
    policy.verb = Verb::pull;
    BOOST_TEST(decided(facts, policy) == row.pull);
  }
}

BOOST_AUTO_TEST_CASE(pushes_a_branch_rewound_here_only_where_rewrites_are_pushed) {
  struct Row {
    std::string_view tips;
    Rewrites rewrites;
    std::string_view push;
    std::string_view forced_pull;
    std::string_view forced_push = "replace server: rewound";
  };
  const Row rows[] = {
      {"b a b", Rewrites::own, "refuse: rewound", "replace local: rewound"},
      {"b a b", Rewrites::refuse, "refuse: rewound", "replace local: rewound"},
      {"b a b", Rewrites::push, "replace server: rewound", "refuse: rewound"},  // the pull of a sync-now, too
      {"b b a", Rewrites::push, "refuse: rewound", "replace local: rewound"},   // not when the server was rewound
      {"b a c", Rewrites::push, "refuse: rewound", "replace local: rewound"},   // nor when it moved meanwhile
      {"b a -", Rewrites::push, "refuse: rewound", "delete local: rewound", "create server"},
      {"b - a", Rewrites::push, "refuse: rewound", "create local", "delete server: rewound"},
  };
  for (const Row& row : rows) {
    BranchFacts facts = facts_of(row.tips);
    facts.own_commits = true;
    Policy policy = policy_of(Verb::push, false);
    policy.rewrites = row.rewrites;
    BOOST_TEST_CONTEXT(row.tips) {
      BOOST_TEST(decided(facts, policy) == row.push);
      policy.force = true;
      BOOST_TEST(decided(facts, policy) == row.forced_push);
      policy.verb = Verb::pull;
      BOOST_TEST(decided(facts, policy) == row.forced_pull);
      policy.force = false;
      BOOST_TEST(decided(facts, policy) == "refuse: rewound");
    }
  }
}

BOOST_AUTO_TEST_CASE(integrates_diverged_branches_as_the_policy_says) {
  struct Row {
    Diverged diverged;
    bool park;
    bool force;
    std::string_view pull;
    std::string_view push;
  };
  const Row rows[] = {
      {Diverged::report, true, false, "refuse: diverged", "park: diverged"},
      {Diverged::merge, true, false, "merge", "park: diverged"},
      {Diverged::rebase, true, false, "rebase", "park: diverged"},
      {Diverged::report, false, false, "refuse: diverged", "refuse: diverged"},
      {Diverged::merge, false, false, "merge", "refuse: diverged"},
      {Diverged::rebase, false, false, "rebase", "refuse: diverged"},
      {Diverged::merge, true, true, "replace local: diverged", "replace server: diverged"},
      {Diverged::rebase, true, true, "replace local: diverged", "replace server: diverged"},
  };
  for (const std::string_view tips : {"b c e", "- c e", "b x c"}) {
    for (const Row& row : rows) {
      Policy policy = policy_of(Verb::pull, row.force);
      policy.diverged = row.diverged;
      policy.park = row.park;
      BOOST_TEST(decided(facts_of(tips), policy) == row.pull);
      policy.verb = Verb::push;
      BOOST_TEST(decided(facts_of(tips), policy) == row.push);
    }
  }
}

BOOST_AUTO_TEST_CASE(keeps_deleted_branches_where_the_policy_says_so) {
  struct Row {
    std::string_view tips;
    std::string_view pull;
    std::string_view push;
  };
  const Row rows[] = {
      {"b b -", "-", "-"},
      {"b - b", "-", "-"},
      {"b - c", "create local", "-"},
      {"b c -", "refuse: deleted", "create server"},
      {"b - -", "forget", "forget"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.tips) {
      Policy policy = policy_of(Verb::pull, false);
      policy.deletions = Deletions::keep;
      BOOST_TEST(decided(facts_of(row.tips), policy) == row.pull);
      policy.verb = Verb::push;
      BOOST_TEST(decided(facts_of(row.tips), policy) == row.push);
    }
  }
}

BOOST_AUTO_TEST_CASE(never_deletes_a_branch_that_a_worktree_has_checked_out) {
  for (const bool force : {false, true}) {
    BranchFacts facts = facts_of("b b -");
    facts.checked_out = true;
    BOOST_TEST(decided(facts, policy_of(Verb::pull, force)) == "refuse: checked-out");
  }
  BranchFacts moved = facts_of("b c -");
  moved.checked_out = true;
  BOOST_TEST(decided(moved, policy_of(Verb::pull, true)) == "refuse: checked-out");
}

BOOST_AUTO_TEST_CASE(never_deletes_the_default_branch_of_the_server) {
  for (const std::string_view tips : {"b - b", "b - a"}) {
    BranchFacts facts = facts_of(tips);
    facts.server_default = true;
    BOOST_TEST(decided(facts, policy_of(Verb::push, true)) == "refuse: protected");
  }
}

BOOST_AUTO_TEST_CASE(moves_checked_out_and_default_branches_like_all_others) {
  struct Row {
    std::string_view tips;
    Verb verb;
    std::string_view action;
  };
  const Row rows[] = {
      {"b b c", Verb::pull, "fast-forward local"},
      {"b b x", Verb::pull, "replace local: rewritten"},
      {"b c b", Verb::push, "fast-forward server"},
      {"b - b", Verb::pull, "-"},
  };
  for (const Row& row : rows) {
    BranchFacts facts = facts_of(row.tips);
    facts.checked_out = true;
    facts.server_default = true;
    BOOST_TEST(decided(facts, policy_of(row.verb, false)) == row.action);
  }
}

BOOST_AUTO_TEST_CASE(leaves_a_branch_alone_while_git_is_busy_with_it) {
  struct Row {
    std::string_view tips;
    std::string_view pull;
    std::string_view push;
  };
  const Row rows[] = {
      {"b c c", "-", "-"},
      {"b b c", "refuse: busy", "-"},
      {"b c b", "-", "refuse: busy"},
      {"b c e", "refuse: busy", "refuse: busy"},
      {"b a b", "refuse: busy", "refuse: busy"},
      {"b b -", "refuse: busy", "-"},
      {"b x b", "-", "refuse: busy"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.tips) {
      BranchFacts facts = facts_of(row.tips);
      facts.busy = true;
      BOOST_TEST(decided(facts, policy_of(Verb::pull, false)) == row.pull);
      BOOST_TEST(decided(facts, policy_of(Verb::push, false)) == row.push);
    }
  }
}

BOOST_AUTO_TEST_CASE(moves_an_alias_only_on_the_server) {
  struct Row {
    std::string_view tips;
    std::string_view pull;
    std::string_view push;
  };
  const Row rows[] = {
      {"b c c", "-", "-"},
      {"- c -", "-", "create server"},
      {"b c b", "-", "fast-forward server"},
      {"b b c", "refuse: alias", "-"},
      {"b b x", "refuse: alias", "-"},
      {"b - c", "refuse: alias", "-"},
      {"- - c", "refuse: alias", "-"},
      {"b c e", "refuse: diverged", "park: diverged"},
      {"b b -", "refuse: alias", "-"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.tips) {
      BranchFacts facts = facts_of(row.tips);
      facts.alias_of = "refs/heads/other";
      BOOST_TEST(decided(facts, policy_of(Verb::pull, false)) == row.pull);
      BOOST_TEST(decided(facts, policy_of(Verb::push, false)) == row.push);
    }
  }
  holds_always([](const BranchFacts& facts, const Policy& /*policy*/, const Action& action) {
    const bool moved = std::visit(Changed(), action) == Side::local && !std::holds_alternative<Delete>(action);
    return facts.alias_of.empty() || !moved;
  });
}

BOOST_AUTO_TEST_CASE(changes_only_the_side_that_the_verb_writes) {
  holds_always([](const BranchFacts& /*facts*/, const Policy& policy, const Action& action) {
    const auto side = std::visit(Changed(), action);
    return !side || *side == (policy.verb == Verb::pull ? Side::local : Side::server);
  });
}

BOOST_AUTO_TEST_CASE(changes_nothing_of_equal_or_busy_branches) {
  holds_always([](const BranchFacts& facts, const Policy& /*policy*/, const Action& action) {
    const bool settled = facts.busy || facts.local == facts.server;
    return !settled || !std::visit(Changed(), action);
  });
}

BOOST_AUTO_TEST_CASE(creates_only_what_is_missing_and_moves_only_what_is_there) {
  holds_always([](const BranchFacts& facts, const Policy& /*policy*/, const Action& action) {
    const auto side = std::visit(Changed(), action);
    if (!side) return true;
    const bool exists = (*side == Side::local ? facts.local : facts.server).has_value();
    const bool other_exists = (*side == Side::local ? facts.server : facts.local).has_value();
    return exists != std::holds_alternative<Create>(action) && other_exists != std::holds_alternative<Delete>(action);
  });
}

BOOST_AUTO_TEST_CASE(deletes_and_replaces_nothing_without_a_base_unless_forced) {
  holds_always([](const BranchFacts& facts, const Policy& policy, const Action& action) {
    const bool loses = std::holds_alternative<Delete>(action) || std::holds_alternative<Replace>(action);
    return facts.base || policy.force || !loses;
  });
}

BOOST_AUTO_TEST_CASE(loses_no_commits_by_a_fast_forward) {
  holds_always([](const BranchFacts& facts, const Policy& /*policy*/, const Action& action) {
    const auto* const move = std::get_if<FastForward>(&action);
    if (move == nullptr) return true;
    return facts.local_to_server == (move->side == Side::local ? Relation::before : Relation::after);
  });
}

BOOST_AUTO_TEST_CASE(lets_force_decide_only_what_waits_for_a_person_or_would_be_integrated) {
  holds_always([](const BranchFacts& facts, Policy policy, const Action& action) {
    if (!policy.force) return true;
    policy.force = false;
    const Action calm = decide(facts, policy);
    policy.verb = Verb::push;  // where work that can't be published waits, whichever way a person then decides
    policy.park = false;
    const auto undecided = [](const Action& one) {
      return std::holds_alternative<Refuse>(one) || std::holds_alternative<Integrate>(one) ||
             std::holds_alternative<Park>(one);
    };
    return undecided(calm) || undecided(decide(facts, policy)) ||
           (action.index() == calm.index() && std::visit(Changed(), action) == std::visit(Changed(), calm));
  });
}

BOOST_AUTO_TEST_CASE(lets_tags_travel_and_never_move) {
  struct Row {
    std::string_view what;
    char local;
    char server;
    std::string_view pull;
    std::string_view push;
  };
  const Row rows[] = {
      {"equal", 'b', 'b', "-", "-"},
      {"new there", '-', 'b', "create local", "-"},
      {"new here", 'b', '-', "-", "create server"},
      {"different", 'b', 'c', "refuse: tag-moved", "refuse: tag-moved"},
      {"nowhere", '-', '-', "-", "-"},
  };
  for (const Row& row : rows) {
    for (const bool force : {false, true}) {
      BOOST_TEST_CONTEXT(row.what) {
        const TagFacts facts{tip(row.local), tip(row.server)};
        BOOST_TEST(std::visit(Words(), decide(facts, policy_of(Verb::pull, force))) == row.pull);
        BOOST_TEST(std::visit(Words(), decide(facts, policy_of(Verb::push, force))) == row.push);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(takes_more_than_half_of_the_branches_for_a_mistake) {
  BOOST_TEST(!is_mass_deletion(3, 3));
  BOOST_TEST(is_mass_deletion(4, 4));
  BOOST_TEST(is_mass_deletion(4, 7));
  BOOST_TEST(!is_mass_deletion(4, 8));
  BOOST_TEST(!is_mass_deletion(50, 100));
  BOOST_TEST(is_mass_deletion(51, 100));
}

BOOST_AUTO_TEST_CASE(names_reasons_as_the_report_does) {
  BOOST_TEST(to_string(Reason::diverged) == "diverged");
  BOOST_TEST(to_string(Reason::rewritten) == "rewritten");
  BOOST_TEST(to_string(Reason::rewound) == "rewound");
  BOOST_TEST(to_string(Reason::deleted) == "deleted");
  BOOST_TEST(to_string(Reason::mass_deletion) == "mass-deletion");
  BOOST_TEST(to_string(Reason::conflict) == "conflict");
  BOOST_TEST(to_string(Reason::checked_out) == "checked-out");
  BOOST_TEST(to_string(Reason::protected_ref) == "protected");
  BOOST_TEST(to_string(Reason::busy) == "busy");
  BOOST_TEST(to_string(Reason::dirty) == "dirty");
  BOOST_TEST(to_string(Reason::stale) == "stale");
  BOOST_TEST(to_string(Reason::rejected) == "rejected");
  BOOST_TEST(to_string(Reason::name_clash) == "name-clash");
  BOOST_TEST(to_string(Reason::alias) == "alias");
  BOOST_TEST(to_string(Reason::bad_name) == "bad-name");
  BOOST_TEST(to_string(Reason::tag_moved) == "tag-moved");
  BOOST_TEST(to_string(Reason::published) == "published");
}

BOOST_AUTO_TEST_SUITE_END()
