#include "base/escape.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "base/process.hpp"

using namespace syncmanager;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(escape)

BOOST_AUTO_TEST_CASE(shows_what_a_terminal_would_act_on) {
  struct Row {
    std::string_view text;
    std::string_view escaped;
  };
  const Row rows[] = {
      {"", ""},
      {"plain text, 'quotes' and \\", "plain text, 'quotes' and \\"},
      {"\x1b[2J", "\\x1b[2J"},
      {"a\0b"sv, "a\\x00b"},
      {"\ttab\r\n", "\\x09tab\\x0d\\x0a"},
      {"\x7f", "\\x7f"},
      {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},  // ä € and an emoji
      {"\xc2\x9b", "\\u009b"},                                                           // CSI as a C1 control
      {"\x9b", "\\x9b"},                                                                 // and as a bare byte
      {"\xe2\x80\xae"
       "abc",
       "\\u202eabc"},
      {"\xe2\x80\x8b", "\\u200b"},
      {"\xe2\x80\x8f", "\\u200f"},
      {"\xe2\x80\x90", "\xe2\x80\x90"},  // a hyphen, just behind them
      {"\xe2\x80\xa8", "\\u2028"},
      {"\xe2\x81\xa4", "\\u2064"},
      {"\xe2\x81\xa9", "\\u2069"},
      {"\xef\xbb\xbf", "\\ufeff"},
      {"\xd8\x9c", "\\u061c"},
      {"\xc2\xad", "\\u00ad"},
      {"\xf3\xa0\x81\x81", "\\U000e0041"},
      {"\xc3", "\\xc3"},                             // cut off
      {"\xc3(", "\\xc3("},                           // not continued
      {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong
      {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},           // overlong
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xff\xfe", "\\xff\\xfe"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.escaped) {
      BOOST_TEST(escape_text(row.text) == row.escaped);
    }
  }
}

BOOST_AUTO_TEST_CASE(keeps_line_feeds_alone_where_asked) {
  BOOST_TEST(escape_text("a\n\r\tb\n", true) == "a\n\\x0d\\x09b\n");
}

BOOST_AUTO_TEST_CASE(shows_the_beginning_of_a_long_line_and_that_it_goes_on) {
  BOOST_TEST(excerpt("a\x1b"
                     "b\n") ==
             "a\\x1b"
             "b\\x0a");
  const std::string whole(200, 'x');
  BOOST_TEST(excerpt(whole) == whole);
  BOOST_TEST(excerpt(whole + 'x') == std::string(197, 'x') + "...");
  BOOST_TEST(excerpt(std::string(196, 'x') + "\xe2\x82\xac" + whole) ==
             std::string(196, 'x') + "...");  // no half of a €
}

BOOST_AUTO_TEST_CASE(leaves_no_control_byte_whatever_comes) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string escaped = escape_text(std::string{static_cast<char>(first), static_cast<char>(second)});
      BOOST_REQUIRE(is_utf8(escaped));
      for (const char letter : escaped) BOOST_REQUIRE((static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7f));
    }
  }
}

BOOST_AUTO_TEST_CASE(knows_utf8) {
  for (const std::string_view valid : {"", "abc", "\xc3\xa4", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    BOOST_TEST(is_utf8(valid));
  }
  BOOST_TEST(is_utf8("\0"sv));
  for (const std::string_view invalid :
       {"\x80", "\xc3", "\xc1\xbf", "a\xff", "\xe2\x82", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf"}) {
    BOOST_TEST(!is_utf8(invalid));
  }
}

BOOST_AUTO_TEST_CASE(quotes_words_for_the_shell) {
  BOOST_TEST(shell_quote("") == "''");
  BOOST_TEST(shell_quote("/srv/git/a b.git") == "'/srv/git/a b.git'");
  BOOST_TEST(shell_quote("it's") == "'it'\\''s'");
  BOOST_TEST(shell_word("/srv/git/a.git") == "/srv/git/a.git");
  for (const std::string word : {"", "a b", "$(x)", "~", "a;b"}) BOOST_TEST(shell_word(word) == shell_quote(word));
  BOOST_TEST(shell_quote("wow!") == "'wow'\\!''");
}

BOOST_AUTO_TEST_CASE(gives_a_shell_back_exactly_what_was_quoted) {
  std::string hostile;
  for (int code = 1; code < 256; ++code) hostile += static_cast<char>(code);
  for (const std::string& word : {hostile, std::string("$(touch x)`id`"), std::string("-n"), std::string("'!'!!''")}) {
    const Finished finished =
        run({{"sh", "-c", "printf %s " + shell_quote(word)}, {}, {}}, "", std::chrono::seconds(10));
    BOOST_TEST(finished.out == word);
  }
}

BOOST_AUTO_TEST_CASE(quotes_names_as_git_does) {
  BOOST_TEST(git_quote("plain name/x") == "plain name/x");
  BOOST_TEST(git_quote("\xc3\xa4") == R"("\303\244")");
  BOOST_TEST(git_quote("a\"b\\c") == R"("a\"b\\c")");
  BOOST_TEST(git_quote("\a\b\t\n\v\f\r\x1b\x7f") == R"("\a\b\t\n\v\f\r\033\177")");
}

BOOST_AUTO_TEST_SUITE_END()
