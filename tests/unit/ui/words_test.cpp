#include "ui/words.hpp"

#include <boost/test/unit_test.hpp>

namespace syncmanager::ui {

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(separates_thousands) {
  BOOST_TEST(number(0) == "0");
  BOOST_TEST(number(999) == "999");
  BOOST_TEST(number(1204) == "1,204");
  BOOST_TEST(number(1234567) == "1,234,567");
}

BOOST_AUTO_TEST_CASE(counts_with_a_plural) {
  BOOST_TEST(count(1, "project") == "1 project");
  BOOST_TEST(count(0, "project") == "0 projects");
}

BOOST_AUTO_TEST_CASE(writes_sizes_in_the_unit_that_fits) {
  BOOST_TEST(size(0) == "0 bytes");
  BOOST_TEST(size(1) == "1 byte");
  BOOST_TEST(size(1023) == "1,023 bytes");
  BOOST_TEST(size(1024) == "1.0 KiB");
  BOOST_TEST(size(1024 * 1024 - 1) == "1.0 MiB");
  BOOST_TEST(size(3'250'585) == "3.1 MiB");
  BOOST_TEST(size(UINT64_MAX) == "16777216.0 TiB");
}

BOOST_AUTO_TEST_CASE(writes_durations_as_exactly_as_they_matter) {
  using seconds = std::chrono::duration<double>;
  BOOST_TEST(duration(seconds(0.163)) == "0.16 s");
  BOOST_TEST(duration(seconds(9.996)) == "10.0 s");
  BOOST_TEST(duration(seconds(12.34)) == "12.3 s");
  BOOST_TEST(duration(seconds(59.96)) == "1 min 00 s");
  BOOST_TEST(duration(seconds(125)) == "2 min 05 s");
  BOOST_TEST(duration(seconds(3720)) == "1 h 02 min");
  BOOST_TEST(duration(seconds(-1)) == "0.00 s");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
