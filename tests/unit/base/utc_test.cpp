#include "base/utc.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

namespace syncmanager {

BOOST_AUTO_TEST_SUITE(utc)

BOOST_AUTO_TEST_CASE(a_time_reads_as_it_was_written) {
  const Time time{std::chrono::milliseconds(1'764'025'046'007)};
  BOOST_TEST(format_utc(time) == "2025-11-24T22:57:26.007Z");
  BOOST_TEST((parse_utc(format_utc(time)) == time));
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_times) {
  for (const std::string text : {"", "2025-11-24", "2025-11-24T22:57:26Z", "2025-11-24T22:57:26.07Z",
                                 "2025-11-24T22:57:26.007", "2025-13-24T22:57:26.007Z", "2025-11-24T22:57:26.x07Z",
                                 "2262-11-24T22:57:26.007Z", "9999-11-24T22:57:26.007Z", "1969-11-24T22:57:26.007Z"}) {
    BOOST_TEST(!parse_utc(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager
