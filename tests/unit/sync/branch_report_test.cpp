#include "sync/branch_report.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace syncmanager::sync {

namespace {

BranchOutcome entry(const std::string& name, Done action, std::optional<Reason> reason = {},
                    const std::string& message = {}) {
  BranchOutcome outcome;
  outcome.name = name;
  outcome.action = action;
  outcome.reason = reason;
  outcome.message = message;
  return outcome;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(branch_report)

BOOST_AUTO_TEST_CASE(a_later_step_with_nothing_to_say_keeps_the_earlier_word) {
  BranchReport report;
  report.add(entry("main", Done::fast_forward));
  report.add(entry("main", Done::none));
  report.add(entry("other", Done::none));
  report.add(entry("other", Done::create));
  const auto outcomes = std::move(report).take();
  BOOST_TEST(outcomes.size() == 2);
  BOOST_TEST((outcomes[0].action == Done::fast_forward));
  BOOST_TEST((outcomes[1].action == Done::create));
}

BOOST_AUTO_TEST_CASE(the_same_refusal_is_told_once) {
  BranchReport report;
  report.add(entry("main", Done::refuse, Reason::diverged, "by the pull"));
  report.add(entry("main", Done::refuse, Reason::diverged, "by the push"));
  const auto outcomes = std::move(report).take();
  BOOST_TEST(outcomes.at(0).message == "by the pull");
}

BOOST_AUTO_TEST_CASE(what_was_stale_can_be_tried_again) {
  BranchReport report;
  BOOST_TEST(!report.has_stale());
  report.add(entry("main", Done::refuse, Reason::stale));
  report.add(entry("other", Done::create));
  BOOST_TEST(report.has_stale());
  report.forget_stale();
  BOOST_TEST(!report.has_stale());
  BOOST_TEST(std::move(report).take().size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
