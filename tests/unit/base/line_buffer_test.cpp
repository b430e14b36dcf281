#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/line_buffer.hpp"

using namespace syncmanager;

namespace {

std::vector<std::string> lines(std::string_view text, std::size_t piece, std::size_t longest = 100) {
  std::vector<std::string> all;
  LineBuffer buffer(longest);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    buffer.feed(text.substr(0, piece), [&](std::string_view line) { all.emplace_back(line); });
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(line_buffer)

BOOST_AUTO_TEST_CASE(gives_complete_lines_however_they_are_cut) {
  const std::vector<std::string> expected = {"one", "", "50%", "100%", "last"};
  for (const std::size_t piece : {1U, 2U, 5U, 100U}) {
    BOOST_TEST(lines("one\n\n50%\r100%\rlast\nno end", piece) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(gives_up_a_line_without_an_end) {
  const std::vector<std::string> expected = {"aa", "b"};
  BOOST_TEST(lines("aaaaaaaaaaaa\nb\n", 5, 8) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
