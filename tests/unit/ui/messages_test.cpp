#include "ui/messages.hpp"

#include <boost/test/unit_test.hpp>

namespace syncmanager::ui {

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(says_where_an_error_stands_as_compilers_do) {
  BOOST_TEST(error_line({{"work.conf", 12}, "unknown key"}) == "work.conf:12: unknown key\n");
  BOOST_TEST(error_line({{"work.conf", 0}, "others can write it"}) == "work.conf: others can write it\n");
  BOOST_TEST(error_line({{"", 0}, "no project is called 'x'"}) == "no project is called 'x'\n");
}

BOOST_AUTO_TEST_CASE(escapes_files_and_messages) {
  BOOST_TEST(error_line({{"a\x1b.conf", 1}, "found 'x\n\x9b'"}) == "a\\x1b.conf:1: found 'x\\x0a\\x9b'\n");
  BOOST_TEST(notice_line("a.conf:1: \x1b") == "a.conf:1: \\x1b\n");
  BOOST_TEST(message_lines("sync-pull", "bad \x1b", "do\x07") == "sync-pull: bad \\x1b\n  do\\x07\n");
}

BOOST_AUTO_TEST_CASE(puts_hints_on_lines_of_their_own) {
  BOOST_TEST(message_lines("sync-pull", "it failed\n", "") == "sync-pull: it failed\n");
  BOOST_TEST(message_lines("sync-pull", "it failed", "do this\n\nor that\n") ==
             "sync-pull: it failed\n  do this\n\n  or that\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
