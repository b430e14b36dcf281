#include "base/deadline.hpp"

#include <chrono>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;

BOOST_AUTO_TEST_SUITE(deadline)

BOOST_AUTO_TEST_CASE(is_over_at_once_without_a_wait) {
  const Deadline deadline = Deadline::after(std::chrono::milliseconds(0));
  BOOST_TEST(deadline.expired());
  BOOST_TEST(deadline.poll_timeout() == 0);
}

BOOST_AUTO_TEST_CASE(tells_what_is_left_as_poll_takes_it) {
  const Deadline deadline = Deadline::after(std::chrono::hours(1));
  BOOST_TEST(!deadline.expired());
  BOOST_TEST(deadline.poll_timeout() > 3'500'000);
  BOOST_TEST(deadline.poll_timeout() <= 3'600'000);
  BOOST_TEST(Deadline::after(std::chrono::hours(24 * 365)).poll_timeout() == 1'000'000'000);
}

BOOST_AUTO_TEST_CASE(gives_away_a_part_of_what_is_left) {
  const Deadline quarter = Deadline::after(std::chrono::hours(1)).part(4);
  BOOST_TEST(quarter.poll_timeout() > 880'000);
  BOOST_TEST(quarter.poll_timeout() <= 900'000);
  BOOST_TEST(Deadline::after(std::chrono::hours(-1)).part(2).expired());
}

BOOST_AUTO_TEST_CASE(can_be_put_off) {
  const Deadline deadline = Deadline::after(std::chrono::hours(-1)).later(std::chrono::hours(2));
  BOOST_TEST(deadline.poll_timeout() > 3'500'000);
  BOOST_TEST(deadline.poll_timeout() <= 3'600'000);
}

BOOST_AUTO_TEST_SUITE_END()
