#include "model/status.hpp"

#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace syncmanager {

namespace {

std::optional<Oid> tip(char name) {
  if (name == '-') return std::nullopt;
  return Oid::from_hex(std::string(40, name));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(status)

BOOST_AUTO_TEST_CASE(a_standing_names_what_is_decided) {
  using enum Standing;
  constexpr Relation equal = Relation::same;
  constexpr Relation before = Relation::before;
  constexpr Relation after = Relation::after;
  constexpr Relation unrelated = Relation::unrelated;
  struct Row {
    char base;
    char local;
    char server;
    Relation local_to_base;
    Relation server_to_base;
    Relation local_to_server;
    Standing standing;
  };
  const std::vector<Row> rows = {
      {'b', 'a', 'a', after, after, equal, same},
      {'b', '-', '-', equal, equal, equal, same},
      {'-', 'a', '-', equal, equal, equal, new_here},
      {'-', '-', 'a', equal, equal, equal, new_there},
      {'-', 'a', 'c', equal, equal, after, ahead},
      {'-', 'a', 'c', equal, equal, before, behind},
      {'-', 'a', 'c', equal, equal, unrelated, diverged},
      {'b', 'b', '-', equal, equal, equal, gone_there},
      {'b', '-', 'b', equal, equal, equal, gone_here},
      {'b', 'a', 'b', after, equal, after, ahead},
      {'b', 'b', 'c', equal, after, before, behind},
      {'b', 'a', 'c', after, after, unrelated, diverged},
      {'b', 'a', 'b', unrelated, equal, unrelated, rewritten_here},
      {'b', 'b', 'c', equal, unrelated, unrelated, rewritten_there},
      {'b', 'a', 'b', before, equal, before, rewound_here},
      {'b', 'b', 'c', equal, before, after, rewound_there},
      {'b', 'a', '-', before, equal, equal, rewound_here},
  };
  for (const Row& row : rows) {
    BranchFacts facts;
    facts.base = tip(row.base);
    facts.local = tip(row.local);
    facts.server = tip(row.server);
    facts.local_to_base = row.local_to_base;
    facts.server_to_base = row.server_to_base;
    facts.local_to_server = row.local_to_server;
    BOOST_TEST(to_string(standing_of(facts)) == to_string(row.standing), row.base << row.local << row.server);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager
