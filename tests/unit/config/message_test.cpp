#include "config/message.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace syncmanager::config;

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(quotes_what_was_found) {
  BOOST_TEST(in_quotes("abc") == "'abc'");
  BOOST_TEST(in_quotes("a\nb\x1b") == "'a\\x0ab\\x1b'");
  BOOST_TEST(in_quotes("https://jane:secret@server/x") == "'https://jane@server/x'");
  BOOST_TEST(in_quotes(std::string(100, 'a')) == "'" + std::string(100, 'a') + "'");
  BOOST_TEST(in_quotes(std::string(101, 'a')) == "'" + std::string(97, 'a') + "...'");
  const std::string umlauts = std::string(96, 'a') + "\xc3\xbc\xc3\xbc\xc3\xbc";
  BOOST_TEST(in_quotes(umlauts) == "'" + std::string(96, 'a') + "...'");
  BOOST_TEST(found("x", "y or z") == "found 'x', expected y or z");
}

BOOST_AUTO_TEST_CASE(lists_words) {
  BOOST_TEST(one_of({}) == "");
  BOOST_TEST(one_of({"a"}) == "a");
  BOOST_TEST(one_of({"a", "b"}) == "a or b");
  BOOST_TEST(one_of({"a", "b", "c"}) == "a, b or c");
}

BOOST_AUTO_TEST_CASE(finds_the_word_that_was_meant) {
  struct Row {
    std::string_view word;
    std::string_view meant;
  };
  const Row rows[] = {
      {"directon", "direction"},
      {"Path", "path"},
      {"URL", "url"},
      {"pth", "path"},
      {"brnaches", "branches"},
      {"xyz", ""},
      {"", ""},
      {"zzzzzzzzzzzz", ""},
      {"ur", "url"},
  };
  for (const Row& row : rows) {
    BOOST_TEST(nearest(row.word, {"path", "url", "direction", "branches"}) == row.meant, row.word);
  }
  BOOST_TEST(nearest(std::string(100'000, 'x'), {"path"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
