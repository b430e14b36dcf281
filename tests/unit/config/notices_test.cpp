#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

using namespace syncmanager;
using syncmanager::test::errors_of;

namespace {

std::string notices_of(std::string_view text) {
  const config::Config config = test::read(text);
  BOOST_TEST(errors_of(config) == "");
  std::string all;
  for (const std::string& notice : config::notices(config)) all += notice + '\n';
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(notices)

BOOST_AUTO_TEST_CASE(says_what_has_no_effect_yet) {
  const std::string git = "[git \"a\"]\npath = ~/a\nurl = s:a\n";
  struct Row {
    std::string text;
    std::string_view notice;
  };
  const Row rows[] = {
      {git, ""},
      {git + "direction = pull\ncreate = yes\nbranches = main\ntags = no\nname = J\nemail = j@x\n", ""},
      {git + "diverged = merge\ndeletions = propagate\nrewrites = own\npark = yes\n", ""},
      {"[defaults]\ncomputer = laptop\n" + git, ""},
      {git + "hooks = commit\n", ""},
      {"[git]\n~/a https://server/a\n", ""},
      {"[git]\n~/a http://server/a\n",
       "a.conf:2: http lets everybody on the way read and change all that travels: use https\n"},
      {"[unison]\n~/a server:a\n", ""},
      {"[rsync \"a\"]\npath = ~/a\nurl = s:a\n", ""},
  };
  for (const Row& row : rows) BOOST_TEST(notices_of(row.text) == row.notice, row.text);
}

BOOST_AUTO_TEST_SUITE_END()
