#include "config/quote.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace syncmanager::config;

BOOST_AUTO_TEST_SUITE(quotes)

BOOST_AUTO_TEST_CASE(reads_back_what_it_wrote) {
  for (const std::string_view text : {"", "a", "a b", "a\"b", "a\\", "\\\"", "\\\\\"\"", "a\tb", "\xc3\xbc", "\\n"}) {
    const std::string written = quote(text) + "rest";
    const auto read = unquote(written, 0);
    BOOST_REQUIRE(read);
    BOOST_TEST(read->text == text);
    BOOST_TEST(written.substr(read->end) == "rest");
  }
}

BOOST_AUTO_TEST_CASE(misses_the_closing_quote) {
  for (const std::string_view text : {"\"", "\"a", "\"a\\\"", "\"\\"}) BOOST_TEST(!unquote(text, 0), text);
}

BOOST_AUTO_TEST_CASE(quotes_a_value_only_where_it_must) {
  struct Row {
    std::string_view value;
    std::string_view written;
  };
  const Row rows[] = {
      {"~/notes", "~/notes"}, {"a b", "a b"},       {"it's \"so\"", "it's \"so\""},
      {"a;b", "a;b"},         {"C:\\x", "C:\\x"},   {"a # b", "a # b"},
      {" a", "\" a\""},       {"a\t", "\"a\t\""},   {"\"a\"", R"("\"a\"")"},
      {";a", "\";a\""},       {"a ;b", "\"a ;b\""}, {"a\t;b\\", "\"a\t;b\\\\\""},
  };
  for (const Row& row : rows) BOOST_TEST(write_value(row.value) == row.written, row.value);
}

BOOST_AUTO_TEST_SUITE_END()
