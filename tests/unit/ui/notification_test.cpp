#include "ui/notification.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace syncmanager::ui {

BOOST_AUTO_TEST_SUITE(notification)

BOOST_AUTO_TEST_CASE(says_what_waits_and_the_command_for_it) {
  const std::vector<std::string> expected = {"notify-send", "--app-name=sync", "--icon=dialog-warning",
                                             "--",          "notes needs you", "main: diverged\ngit merge"};
  const Complaint complaint{.branch = "main", .message = "main: diverged", .hint = "git merge", .server_words = {}};
  BOOST_TEST(notification_command("notes", complaint) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_of_a_servers_words_is_markup_an_option_or_a_control_character) {
  const Complaint complaint{
      .branch = {}, .message = "<a href=\"x\">&\x1b" + std::string(10'000, 'x'), .hint = {}, .server_words = {}};
  const std::vector<std::string> command = notification_command("--help\n", complaint);
  BOOST_TEST(command[3] == "--");
  BOOST_TEST(command[4].find('\n') == std::string::npos);
  BOOST_TEST(command[5].starts_with("&lt;a href=\"x\"&gt;&amp;\\x1b"), command[5]);
  BOOST_TEST(command[5].size() < 500U);
}

BOOST_AUTO_TEST_CASE(where_there_is_no_such_program_nothing_happens) {
  BOOST_TEST(!show_notification(Environment(), "notes", Complaint()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
