#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "support.hpp"

using namespace syncmanager;
using namespace syncmanager::config;
using syncmanager::test::errors_of;

namespace {

/// What a project is, but for the place where it stands.
std::string described(const Project& project) {
  std::string text = project.name + '|' + std::string(to_string(project.client)) + '|' + project.path.string() + '|' +
                     project.url.text + '|' + project.remote + '|' + project.user_name.value_or("-") + '|' +
                     project.user_email.value_or("-") + '|' + project.profile + '|';
  for (const std::string& env : project.envs) text += env + ',';
  return text + '\n';
}

std::string described(const Config& config) {
  std::string text = errors_of(config);
  for (const Project& project : config.projects) text += described(project);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(importing)

BOOST_AUTO_TEST_CASE(writes_today_s_format_and_keeps_comments_in_their_place) {
  const std::string text = import_legacy(
      "# my projects\n"
      "env=home,work\n"
      "\n"
      "[git]  # versioned\n"
      "# the notes\n"
      "~/notes origin|ssh://git@server/srv/notes.git \"Jane Doe\" jane@example.org\n"
      "$HOME/x server:repos/x.git  # the other\n"
      "\n"
      "[unison]\n"
      "~/Documents ssh://server//srv/d my_template\n"
      "# the end\n",
      "a.conf");
  BOOST_TEST(text ==
             "# my projects\n"
             "[defaults]\n"
             "env = home,work\n"
             "\n"
             "# versioned\n"
             "# the notes\n"
             "[git \"notes\"]\n"
             "path = ~/notes\n"
             "url = ssh://git@server/srv/notes.git\n"
             "remote = origin\n"
             "name = Jane Doe\n"
             "email = jane@example.org\n"
             "\n"
             "# the other\n"
             "[git \"x\"]\n"
             "path = $HOME/x\n"
             "url = server:repos/x.git\n"
             "\n"
             "[unison \"Documents\"]\n"
             "path = ~/Documents\n"
             "url = ssh://server//srv/d\n"
             "profile = my_template\n"
             "\n"
             "# the end\n");
}

BOOST_AUTO_TEST_CASE(means_the_same_projects_as_before) {
  const std::string rows[] = {
      "",
      "# nothing\n",
      "[git]\n~/a s:a",
      "[git]\r\n~/a s:a\r\n\r\n# x\r\n~/b s:b # y\r\n",
      "\xef\xbb\xbf# x\n[git]\n~/a s:a\n",
      "\xef\xbb\xbf"
      "env=home\n[git]\n~/a s:a\n",
      "env=\n[git]\n~/a s:a\n",
      "env = home , work # x\n[git]\n~/a s:a\n",
      "[git]\n\"~/My Notes\" s:a\n\"/srv/a ;b\" s:b\n\"/srv/ c \" s:c\n\"~/a\\\"b\\\\\" s:d\n~/a;b s:e\n;x\n",
      "[git]\n~/a r|s:a \"Jane ;D\" j@x\n~/b s:b \"\" \"\"\n",
      "[git]\n~/a s:a\n~/x/a s:b\n~/a-2 s:c\n~ s:d\n/ s:e\n~/-y s:f\n",
      "[git]\n/srv/" + std::string(5000, 'p') + " ssh://server/" + std::string(5000, 'u') + "\n",
      "[git]\n\"/srv/a\xff\tb\" s:a\n",
      "[git]\n~/a /srv/a|b\n~/c \"x|/srv/a b\"\n",
      "[unison]\n~/a ssh://server//srv/a t.prf\n\"~/b ;\" s:b\n",
      "env=home\n[git]\n~/a s:a\n[git \"b\"]\npath = ~/b\nurl = s:b\n[git]\n~/c s:c\n",
      "[defaults]\nremote = backup\nname = J\n[git]\n~/a s:a\n~/b origin|s:b\n",
      "[git \"b\"]\npath = ~/b\nurl = s:b\n",
  };
  for (const std::string& row : rows) {
    const Config before = test::read(row);
    BOOST_TEST(errors_of(before) == "");
    const std::string text = import_legacy(row, "a.conf");
    BOOST_TEST(described(test::read(text)) == described(before), row << " became " << text);
    BOOST_TEST(import_legacy(text, "a.conf") == text);
  }
}

BOOST_AUTO_TEST_CASE(leaves_todays_sections_as_they_are) {
  const std::string text = "; mine\n[git \"b\"] ; x\n  path = ~/b   ; y\nurl = s:b\n";
  BOOST_TEST(import_legacy(text, "a.conf") == text);
}

BOOST_AUTO_TEST_CASE(keeps_the_line_ends) {
  const std::string text = import_legacy("[git]\r\n~/a s:a\r\n", "a.conf");
  BOOST_TEST(text == "[git \"a\"]\r\npath = ~/a\r\nurl = s:a\r\n");
}

BOOST_AUTO_TEST_CASE(refuses_a_file_with_problems) {
  for (const std::string_view text : {"[git]\n~/a\n", "[nonsense]\n", "oops\n", "[git]\npath = ~/x\n"}) {
    BOOST_CHECK_EXCEPTION(import_legacy(text, "a.conf"), Error, [](const Error& error) {
      return error.kind() == ErrorKind::usage && std::string_view(error.what()).starts_with("a.conf:");
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
