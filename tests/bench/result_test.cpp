#include "bench/result.hpp"

#include <boost/test/unit_test.hpp>

namespace syncmanager::test {

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(the_median_does_not_depend_on_the_order) {
  BOOST_TEST(median({3}) == 3);
  BOOST_TEST(median({9, 1, 2}) == 2);
  BOOST_TEST(median({4, 1, 3, 2}) == 2.5);
}

BOOST_AUTO_TEST_CASE(a_ratio_tells_how_much_longer_it_took_than_ours) {
  const Table table{"", "", {{.name = "ours", .seconds = {2, 2, 9}}, {.name = "theirs", .seconds = {5}}}};
  BOOST_TEST(ratio(table, table.rows[0]) == 1);
  BOOST_TEST(ratio(table, table.rows[1]) == 2.5);
}

BOOST_AUTO_TEST_CASE(where_one_has_failed_there_is_no_ratio_and_no_goal_met) {
  const Goal goal{Goal::Of::ratio, 0};
  const Row well{.name = "well", .seconds = {1}};
  const Row failed{.name = "failed", .seconds = {1}, .error = "no space left"};
  const Row never{.name = "never"};
  for (const Table& table : {Table{"", "", {failed, well}}, Table{"", "", {never, well}}, Table{"", "", {well, failed}},
                             Table{"", "", {well, never}}}) {
    BOOST_TEST(ratio(table, table.rows.back()) == 0);
    BOOST_TEST(!is_met(goal, table, table.rows.back()));
  }
}

BOOST_AUTO_TEST_CASE(a_goal_is_met_at_its_value) {
  const Row ours{.name = "ours", .seconds = {2}, .peak_kib = 60 * 1024};
  const Table table{"", "", {ours, {.name = "theirs", .seconds = {6}}}};
  struct Case {
    Goal goal;
    std::size_t row;
    bool met;
  };
  for (const auto& [goal, row, met] :
       {Case{{Goal::Of::ratio, 3}, 1, true}, Case{{Goal::Of::ratio, 3.1}, 1, false},
        Case{{Goal::Of::seconds, 2}, 0, true}, Case{{Goal::Of::seconds, 1.9}, 0, false},
        Case{{Goal::Of::mebibytes, 60}, 0, true}, Case{{Goal::Of::mebibytes, 59}, 0, false}}) {
    BOOST_TEST(is_met(goal, table, table.rows[row]) == met, text_of(goal));
  }
}

BOOST_AUTO_TEST_CASE(a_goal_says_its_unit) {
  BOOST_TEST(text_of(Goal{Goal::Of::ratio, 1 / 1.3}) == "≥ 0.77 ×");
  BOOST_TEST(text_of(Goal{Goal::Of::ratio, 25}) == "≥ 25 ×");
  BOOST_TEST(text_of(Goal{Goal::Of::seconds, 0.25}) == "≤ 0.25 s");
  BOOST_TEST(text_of(Goal{Goal::Of::mebibytes, 60}) == "≤ 60 MiB");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
