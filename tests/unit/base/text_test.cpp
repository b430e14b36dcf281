#include "base/text.hpp"

#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(trims_white_space_at_both_ends_only) {
  BOOST_TEST(trim(" \t a b\r\n") == "a b");
  BOOST_TEST(trim("ab") == "ab");
  BOOST_TEST(trim(" \r\n\t") == "");
  BOOST_TEST(trim("") == "");
}

BOOST_AUTO_TEST_CASE(splits_without_empty_pieces) {
  const std::vector<std::string> expected = {"home", "work", "x"};
  BOOST_TEST(split(",home, work ,,x", ", ") == expected, boost::test_tools::per_element());
  BOOST_TEST(split("", ",").empty());
  BOOST_TEST(split(" , ", ", ").empty());
}

BOOST_AUTO_TEST_CASE(takes_lines_with_and_without_a_last_line_feed) {
  const std::vector<std::string_view> expected = {"a", "", "b\r"};
  BOOST_TEST(lines_of("a\n\nb\r\n") == expected, boost::test_tools::per_element());
  BOOST_TEST(lines_of("a\n\nb\r") == expected, boost::test_tools::per_element());
  BOOST_TEST(lines_of("").empty());
  BOOST_TEST(lines_of("\n").size() == 1U);
}

BOOST_AUTO_TEST_CASE(shortens_between_two_characters) {
  BOOST_TEST(shortened("", 5) == "");
  BOOST_TEST(shortened("12345", 5) == "12345");
  BOOST_TEST(shortened("123456", 5) == "12...");
  BOOST_TEST(shortened("1\xc3\xb6\xc3\xb6\xc3\xb6", 5) == "1...");
  BOOST_TEST(shortened("12\xc3\xb6\xc3\xb6", 5) == "12...");
  BOOST_TEST(shortened("\x80\x80\x80\x80\x80\x80", 5) == "...");
}

BOOST_AUTO_TEST_CASE(lowers_ascii_letters_only) {
  BOOST_TEST(lower_case("SSH-Ed25519 \xc3\x84") == "ssh-ed25519 \xc3\x84");
}

BOOST_AUTO_TEST_CASE(reads_whole_numbers_within_their_limit) {
  BOOST_TEST(parse_number("0", 10).value() == 0U);
  BOOST_TEST(parse_number("0010", 10).value() == 10U);
  BOOST_TEST(parse_number("65535", 65535).value() == 65535U);
  constexpr auto largest = std::numeric_limits<unsigned long>::max();
  BOOST_TEST(parse_number(std::to_string(largest), largest).value() == largest);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_number_or_too_large) {
  for (const std::string_view text :
       {"", " ", "11", "-1", "+1", "1 ", " 1", "1a", "0x1", "1.0", "99999999999999999999"}) {
    BOOST_TEST_CONTEXT("'" << text << "'") {
      BOOST_TEST(!parse_number(text, 10).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(matches_globs) {
  struct Row {
    std::string_view pattern;
    std::string_view text;
    bool matches;
  };
  const Row rows[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "feature/x", true},
      {"feature/*", "feature/a/b", true},
      {"feature/*", "feature", false},
      {"feature/*", "feature/", true},
      {"*/x", "a/b/x", true},
      {"*a*b*", "xxaxxbxx", true},
      {"*a*b*", "xxbxxaxx", false},
      {"a*", "a", true},
      {"a**b", "ab", true},
      {"*ab", "aab", true},
      {"*.lock", "a.lock.lock", true},
      {"?", "", false},
      {"?", "a", true},
      {"?", "\xc3\xa4", true},    // one character of two bytes
      {"??", "\xc3\xa4", false},  // and not two
      {"?\xa4", "\xa4", false},   // bytes that are no characters do no harm
      {"*?b",
       "\xc3\xa4"
       "b",
       true},
      {"[a]", "[a]", true},  // only * and ? are special
      {"[a]", "a", false},
      {"\\*", "\\xyz", true},
      {"Main", "main", false},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.pattern << " on " << row.text) {
      BOOST_TEST(glob_match(row.pattern, row.text) == row.matches);
    }
  }
}

BOOST_AUTO_TEST_CASE(matches_a_hostile_glob_in_reasonable_time) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  BOOST_TEST(!glob_match(pattern + "b", std::string(10'000, 'a')));
}

BOOST_AUTO_TEST_CASE(sees_paths_that_can_not_be_beside_each_other) {
  const std::set<std::string, std::less<>> names = {"a/b", "a/b-c", "d"};
  for (const auto* const path : {"a", "a/b", "a/b/c", "a/b/c/d", "d", "d/e"}) BOOST_TEST(meets(names, path), path);
  for (const auto* const path : {"", "b", "a/c", "a/b-", "a/b-d", "a-b", "dd", "d-e/f"}) {
    BOOST_TEST(!meets(names, path), path);
  }
}

BOOST_AUTO_TEST_SUITE_END()
