#include "queue/token.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

namespace syncmanager::queue {

BOOST_AUTO_TEST_SUITE(token)

BOOST_AUTO_TEST_CASE(a_token_reads_as_it_was_written) {
  const Time since{std::chrono::milliseconds(1'764'025'046'007)};
  for (const Event event : {Event::commit, Event::merge, Event::rewrite, Event::checkout}) {
    for (const std::string folder : {"/home/jane/notes/.git", "/with space/.git", "/line\nfeed/\n/.git", "/\xff"}) {
      const Token token{.event = event, .since = since, .git_folder = folder};
      const auto read = parse_token(format_token(token));
      BOOST_REQUIRE(read);
      BOOST_TEST((*read == token));
    }
  }
}

BOOST_AUTO_TEST_CASE(half_a_token_is_none) {
  const std::string whole = "commit 2026-11-28T02:32:48.123Z /home/jane/.git\n";
  BOOST_REQUIRE(parse_token(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) BOOST_TEST(!parse_token(whole.substr(0, size)), size);
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_tokens) {
  for (const std::string& text :
       {std::string(48, '\0'), std::string("push 2026-11-28T02:32:48.123Z /a\n"), std::string("commit yesterday /a\n"),
        std::string("commit 2026-11-28T02:32:48.123Z relative\n"), std::string("commit  /a\n")}) {
    BOOST_TEST(!parse_token(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::queue
