#include "ui/screen.hpp"

#include <boost/test/unit_test.hpp>

namespace syncmanager::ui {

BOOST_AUTO_TEST_SUITE(screen)

BOOST_AUTO_TEST_CASE(writes_nothing_before_and_after_there_are_lines) {
  Screen screen;
  BOOST_TEST(screen.show({}, 80) == "");
  BOOST_TEST(screen.clear(80) == "");
}

BOOST_AUTO_TEST_CASE(replaces_what_it_drew) {
  Screen screen;
  BOOST_TEST(screen.show({"one", "two"}, 80) == "one\ntwo\n");
  BOOST_TEST(screen.show({"one", "two"}, 80) == "");
  BOOST_TEST(screen.show({"three"}, 80) == "\r\x1b[2A\x1b[Jthree\n");
  BOOST_TEST(screen.clear(80) == "\r\x1b[1A\x1b[J");
  BOOST_TEST(screen.clear(80) == "");
}

BOOST_AUTO_TEST_CASE(cuts_lines_to_the_width) {
  Screen screen;
  BOOST_TEST(screen.show({"0123456789"}, 6) == "01234\n");
}

BOOST_AUTO_TEST_CASE(removes_lines_that_a_narrower_window_wrapped) {
  Screen screen;
  screen.show({"0123456789"}, 80);
  BOOST_TEST(screen.clear(4) == "\r\x1b[3A\x1b[J");
}

BOOST_AUTO_TEST_CASE(leaves_alone_what_is_no_longer_at_the_bottom) {
  Screen screen;
  screen.show({"one"}, 80);
  screen.forget();
  BOOST_TEST(screen.clear(80) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
