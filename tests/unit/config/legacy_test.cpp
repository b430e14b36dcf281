#include "config/legacy.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;
using namespace syncmanager::config;

BOOST_AUTO_TEST_SUITE(legacy)

BOOST_AUTO_TEST_CASE(reads_lines_of_git_sections) {
  struct Row {
    std::string_view line;
    std::string_view path;
    std::string_view url;
    std::string_view remote;
    std::string_view name;
    std::string_view email;
  };
  const Row rows[] = {
      {"~/notes server:notes.git", "~/notes", "server:notes.git", "", "", ""},
      {"~/notes\tserver:notes.git", "~/notes", "server:notes.git", "", "", ""},
      {"~/notes \t  server:notes.git\t", "~/notes", "server:notes.git", "", "", ""},
      {"~/notes origin|ssh://git@server/srv/notes.git \"Jane Doe\" jane@example.org", "~/notes",
       "ssh://git@server/srv/notes.git", "origin", "Jane Doe", "jane@example.org"},
      {"$HOME/x backup|server:repos/x.git", "$HOME/x", "server:repos/x.git", "backup", "", ""},
      {"~/x /srv/x.git Jane jane@example.org", "~/x", "/srv/x.git", "", "Jane", "jane@example.org"},
      {"\"~/My Notes\" server:notes.git", "~/My Notes", "server:notes.git", "", "", ""},
      {"~/\"My Notes\" server:notes.git", "~/My Notes", "server:notes.git", "", "", ""},
      {R"("~/a \"b\" \\ c" server:x)", R"(~/a "b" \ c)", "server:x", "", "", ""},
      {"~/x \"origin|server:my notes.git\"", "~/x", "server:my notes.git", "origin", "", ""},
      {"~/a=b;c#d server:x?y=1#z", "~/a=b;c#d", "server:x?y=1#z", "", "", ""},
      {"~/x /srv/a|b.git", "~/x", "/srv/a|b.git", "", "", ""},
  };
  for (const Row& row : rows) {
    const ParsedLegacy parsed = parse_legacy_line(row.line, Client::git);
    BOOST_TEST_CONTEXT(row.line) {
      BOOST_TEST(parsed.problem == "");
      BOOST_TEST(parsed.project.path == row.path);
      BOOST_TEST(parsed.project.url == row.url);
      BOOST_TEST(parsed.project.remote == row.remote);
      BOOST_TEST(parsed.project.user_name.value_or("") == row.name);
      BOOST_TEST(parsed.project.user_email.value_or("") == row.email);
    }
  }
}

BOOST_AUTO_TEST_CASE(reads_lines_of_unison_sections) {
  const ParsedLegacy plain = parse_legacy_line("~/Documents ssh://server//srv/documents", Client::unison);
  BOOST_TEST(plain.problem == "");
  BOOST_TEST(plain.project.path == "~/Documents");
  BOOST_TEST(plain.project.url == "ssh://server//srv/documents");
  BOOST_TEST(plain.project.profile == "");
  const ParsedLegacy with_template = parse_legacy_line("~/d ssh://server//srv/a|b my_template.prf", Client::unison);
  BOOST_TEST(with_template.problem == "");
  BOOST_TEST(with_template.project.url == "ssh://server//srv/a|b");
  BOOST_TEST(with_template.project.profile == "my_template.prf");
}

BOOST_AUTO_TEST_CASE(tells_what_is_missing_or_too_much) {
  struct Row {
    std::string_view line;
    Client client;
    std::string_view problem;
  };
  const Row rows[] = {
      {"~/notes", Client::git, "found 1 field, expected PATH [REMOTE|]URL"},
      {"", Client::git, "found 0 fields"},
      {"~/notes s:x jane@example.org", Client::git, "found 3 fields"},
      {"~/notes s:x Jane Doe jane@example.org", Client::git, "found 5 fields"},
      {"~/notes", Client::unison, "found 1 field, expected PATH URL [TEMPLATE]"},
      {"~/notes s:x a b", Client::unison, "found 4 fields"},
      {"\"~/notes s:x", Client::git, "found '\"~/notes s:x', expected a closing quote"},
      {"~/notes |s:x", Client::git, "found '|s:x', expected REMOTE|URL"},
  };
  for (const Row& row : rows) {
    BOOST_TEST(parse_legacy_line(row.line, row.client).problem.starts_with(row.problem), row.line);
  }
}

BOOST_AUTO_TEST_CASE(finds_comments_outside_of_quotes) {
  struct Row {
    std::string_view line;
    std::size_t begin;
  };
  constexpr auto none = std::string_view::npos;
  const Row rows[] = {
      {"# x", 0}, {"a #b", 2}, {"a\t#", 2}, {"a#b", none}, {"\"a # b\" #c", 8}, {"\"a # b", none}, {"", none},
  };
  for (const Row& row : rows) BOOST_TEST(comment_start(row.line) == row.begin, row.line);
}

BOOST_AUTO_TEST_CASE(names_a_project_after_the_last_part_of_its_path) {
  struct Row {
    std::string_view path;
    std::string_view name;
  };
  const Row rows[] = {
      {"~/notes", "notes"},
      {"~/work/notes/", "notes"},
      {"$HOME/x", "x"},
      {"/srv/x/.", "x"},
      {"~", "home"},
      {"$HOME/", "home"},
      {"/", "root"},
      {"~/-x", "x"},
      {"~/ x ", "x"},
      {"~/---", "home"},
      {"~/a\x1b", "a\\x1b"},
      {"~/.vim", ".vim"},
      {"~/M\xc3\xbcll", "M\xc3\xbcll"},
      {"~/a/..", "home"},
      {"", "home"},
  };
  for (const Row& row : rows) BOOST_TEST(legacy_name(row.path) == row.name, row.path);
}

BOOST_AUTO_TEST_SUITE_END()
