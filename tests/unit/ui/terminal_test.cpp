#include "ui/terminal.hpp"

#include <boost/test/unit_test.hpp>

namespace syncmanager::ui {

BOOST_AUTO_TEST_SUITE(terminal)

BOOST_AUTO_TEST_CASE(colours_follow_the_option_first) {
  constexpr int no_terminal = -1;
  Environment environment;
  environment.no_color = true;
  BOOST_TEST(wants_colour(ColourMode::always, no_terminal, environment));
  BOOST_TEST(!wants_colour(ColourMode::never, no_terminal, {}));
  BOOST_TEST(!wants_colour(ColourMode::automatic, no_terminal, {}));
}

BOOST_AUTO_TEST_CASE(assumes_a_small_window_where_none_is_known) {
  const WindowSize size = window_size(-1);
  BOOST_TEST(size.rows == 24U);
  BOOST_TEST(size.columns == 80U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
