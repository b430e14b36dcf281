#include "ui/columns.hpp"

#include <boost/test/unit_test.hpp>

namespace syncmanager::ui {

BOOST_AUTO_TEST_SUITE(columns)

BOOST_AUTO_TEST_CASE(measures_what_a_terminal_shows) {
  BOOST_TEST(width_of("") == 0U);
  BOOST_TEST(width_of("abc") == 3U);
  BOOST_TEST(width_of("größe") == 5U);
  BOOST_TEST(width_of("笔记") == 4U);
  BOOST_TEST(width_of("e\xcc\x81") == 1U);
  BOOST_TEST(width_of("\xf0\x9f\x98\x80") == 2U);
  BOOST_TEST(width_of("→") == 1U);
}

BOOST_AUTO_TEST_CASE(pads_by_columns_and_never_cuts) {
  BOOST_TEST(padded("笔记", 6) == "笔记  ");
  BOOST_TEST(padded("longer", 3) == "longer");
}

BOOST_AUTO_TEST_CASE(cuts_between_characters) {
  BOOST_TEST(shortened("abcdef", 3) == "abc");
  BOOST_TEST(shortened("笔记", 3) == "笔");
  BOOST_TEST(shortened("größe", 3) == "grö");
  BOOST_TEST(shortened("e\xcc\x81x", 1) == "e\xcc\x81");
  BOOST_TEST(shortened("abc", 9) == "abc");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
