#include "sync/explain.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace syncmanager::sync {

namespace {

const Oid a = *Oid::from_hex(std::string(40, 'a'));
const Oid b = *Oid::from_hex(std::string(40, 'b'));
const Oid c = *Oid::from_hex(std::string(40, 'c'));

Project project() {
  Project project;
  project.name = "notes";
  project.path = "/home/jane/my notes";
  return project;
}

BranchFacts facts(std::optional<Oid> base, std::optional<Oid> local, std::optional<Oid> server) {
  BranchFacts facts;
  facts.base = base;
  facts.local = local;
  facts.server = server;
  return facts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explain_reasons)

BOOST_AUTO_TEST_CASE(names_the_command_that_solves_it) {
  struct Row {
    Reason reason;
    BranchFacts facts;
    std::string in_message;
    std::string hint;
  };
  BranchFacts checked_out = facts(a, b, c);
  checked_out.checked_out = true;
  BranchFacts rewound_here = facts(b, a, b);
  rewound_here.local_to_base = rewound_here.local_to_server = Relation::before;
  BranchFacts rewound_there = facts(b, b, a);
  rewound_there.server_to_base = Relation::before;
  rewound_there.local_to_server = Relation::after;
  BranchFacts apart_here = facts(b, a, c);
  apart_here.local_to_base = Relation::before;
  apart_here.local_to_server = Relation::unrelated;
  BranchFacts apart_there = facts(b, c, a);
  apart_there.server_to_base = Relation::before;
  apart_there.local_to_server = Relation::unrelated;
  BranchFacts alias = facts(a, a, c);
  alias.alias_of = "refs/heads/trunk";
  const std::string git = "git -C '/home/jane/my notes' ";
  const std::vector<Row> rows = {
      {Reason::diverged, checked_out, "3 commits only here, 1 commit only on the server",
       git + "merge origin/main, then sync-push"},
      {Reason::diverged, facts(a, b, c), "both sides moved",
       git + "switch main && " + git + "merge origin/main, then sync-push"},
      {Reason::rewritten, facts(a, a, c), "on the server",
       "to take the server's: " + git + "switch main && " + git + "reset --keep origin/main"},
      {Reason::rewritten, facts(a, b, a), "here",
       "to replace the server's: " + git + "push --force-with-lease origin main"},
      {Reason::rewound, rewound_here, "here",
       "to have them again: " + git + "switch main && " + git + "merge --ff-only origin/main"},
      {Reason::rewound, facts(b, a, {}), "here, and was deleted on the server",
       "to delete it here too: " + git + "branch -D main"},
      {Reason::rewound, apart_here, "here, and the server has other commits",
       git + "switch main && " + git + "merge origin/main, then sync-push"},
      {Reason::rewound, apart_there, "on the server, and here are other commits",
       git + "switch main && " + git + "merge origin/main && " + git + "push origin main"},
      {Reason::rewound, rewound_there, "on the server: restored",
       "to give the server the later commits again: " + git + "push origin main"},
      {Reason::rewound, facts(b, {}, a), "on the server, and was deleted here",
       "to give the server the later commits again: " + git + "push origin " + b.hex() + ":refs/heads/main"},
      {Reason::deleted, facts(a, a, {}), "on the server", "to delete it here too: " + git + "branch -D main"},
      {Reason::deleted, facts(a, b, {}), "new commits here",
       "sync-push makes it there again; to delete it here too: " + git + "branch -D main"},
      {Reason::mass_deletion, facts(a, a, {}), "more than half of the branches",
       "where it is none: sync-now --allow-mass-deletion notes; to have one there again: " + git +
           "push origin BRANCH"},
      {Reason::mass_deletion, facts(a, {}, a), "more than half of the branches",
       "where it is none: sync-now --allow-mass-deletion notes; to have one here again: " + git +
           "branch BRANCH origin/BRANCH"},
      {Reason::alias, alias, "another name of trunk",
       "to take them into trunk: " + git + "switch main && " + git + "merge origin/main, then sync-push"},
      {Reason::deleted, facts(a, {}, a), "here", "to delete it there too: " + git + "push origin --delete main"},
  };
  for (const Row& row : rows) {
    const Explanation told = explain(row.reason, project(), "main", row.facts, {.ahead = 3, .behind = 1});
    BOOST_TEST(told.message.find(row.in_message) != std::string::npos, told.message);
    BOOST_TEST(told.hint == row.hint);
  }
}

BOOST_AUTO_TEST_CASE(a_hostile_branch_name_stays_one_word_of_the_command) {
  const Explanation told =
      explain(Reason::deleted, project(), "$(touch${IFS}x);|&'", facts(a, {}, a), {.ahead = 0, .behind = 0});
  BOOST_TEST(told.hint.find(R"('$(touch${IFS}x);|&'\''')") != std::string::npos, told.hint);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
