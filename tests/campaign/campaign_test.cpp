// A short piece of the campaign: `campaign --help` tells how to run a long one.
#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "steps.hpp"
#include "world.hpp"

namespace syncmanager::campaign {

BOOST_AUTO_TEST_CASE(nothing_is_lost_whatever_users_and_runs_do) {
  constexpr std::uint64_t seed = 7;
  constexpr std::size_t count = 120;
  World world;
  std::size_t number = 0;
  for (const Step& step : random_steps(seed, count)) {
    BOOST_TEST_CONTEXT("step " << number++ << ": " << to_string(step)) {
      BOOST_REQUIRE_NO_THROW(world.make(step));
    }
  }
}

}  // namespace syncmanager::campaign
