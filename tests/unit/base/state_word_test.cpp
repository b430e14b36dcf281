#include "base/state_word.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

namespace syncmanager {

BOOST_AUTO_TEST_SUITE(state_word_test)

BOOST_AUTO_TEST_CASE(any_text_is_one_word_and_comes_back) {
  const std::string texts[] = {"", "plain", "two words", "a\nb", "\\", "\\-", "\\_", " ", "\xff\x01\t", "end\\"};
  for (const std::string& text : texts) {
    const std::string word = state_word(text);
    BOOST_TEST(!word.empty());
    BOOST_TEST(word.find_first_of(" \n") == std::string::npos, word);
    BOOST_TEST(raw_word(word) == text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager
