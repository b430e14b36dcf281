#include "config/ini.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;
using namespace syncmanager::config;

namespace {

/// The value of the first entry behind `[git "x"]`; the test fails where there is a problem.
std::string value_of(std::string_view line) {
  const Document document = parse("[git \"x\"]\n" + std::string(line));
  BOOST_TEST(document.problems.empty(), line);
  if (document.sections.empty() || document.sections[0].entries.size() != 1) return "(no entry)";
  return document.sections[0].entries[0].value;
}

/// All problems, `LINE: message` each.
std::string problems_of(std::string_view text) {
  std::string all;
  for (const Problem& problem : parse(text).problems) {
    all += std::to_string(problem.line) + ": " + problem.message + '\n';
  }
  return all;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ini)

BOOST_AUTO_TEST_CASE(reads_sections_and_entries_with_their_lines) {
  const Document document = parse(
      "; a comment\n"
      "[defaults]\n"
      "direction = pull\n"
      "\n"
      "[git \"notes\"]   ; mine\n"
      "# another comment\n"
      "path=~/notes\n"
      "\turl : server:notes.git\n");
  BOOST_TEST(document.problems.empty());
  BOOST_REQUIRE(document.sections.size() == 2);
  const Section& defaults = document.sections[0];
  BOOST_TEST(defaults.kind == "defaults");
  BOOST_TEST(!defaults.named);
  BOOST_TEST(defaults.line == 2);
  const Section& notes = document.sections[1];
  BOOST_TEST(notes.kind == "git");
  BOOST_TEST(notes.name == "notes");
  BOOST_TEST(notes.named);
  BOOST_TEST(notes.line == 5);
  BOOST_REQUIRE(notes.entries.size() == 2);
  BOOST_TEST(notes.entries[0].key == "path");
  BOOST_TEST(notes.entries[0].value == "~/notes");
  BOOST_TEST(notes.entries[0].line == 7);
  BOOST_TEST(notes.entries[1].key == "url");
  BOOST_TEST(notes.entries[1].value == "server:notes.git");
  BOOST_TEST(notes.entries[1].line == 8);
}

BOOST_AUTO_TEST_CASE(reads_values) {
  struct Row {
    std::string_view line;
    std::string_view value;
  };
  const Row rows[] = {
      {"a = b", "b"},
      {"a=b", "b"},
      {"a:b", "b"},
      {"a : b", "b"},
      {"   a =\tb  ", "b"},
      {"a = b = c : d", "b = c : d"},
      {"a =", ""},
      {"a = ; only a comment", ""},
      {"a = b ; comment", "b"},
      {"a = b\t; comment", "b"},
      {"a = b;c", "b;c"},
      {"a = b # c", "b # c"},
      {"a = [x]", "[x]"},
      {"a = #b", "#b"},
      {"a = b  c\td", "b  c\td"},
      {"a = it's \"so\" \\ ", "it's \"so\" \\"},
      {"a = \"b ; c\"", "b ; c"},
      {"a = \"b ; c\" ; comment", "b ; c"},
      {"a = \"  b  \"", "  b  "},
      {R"(a = "b \"c\" \\ \d")", R"(b "c" \ \d)"},
      {"a = \"\"", ""},
      {"a = M\xc3\xbcnchen", "M\xc3\xbcnchen"},
      {"a = \xff\xfe", "\xff\xfe"},
  };
  for (const Row& row : rows) BOOST_TEST(value_of(row.line) == row.value, row.line);
}

BOOST_AUTO_TEST_CASE(cuts_no_value_short) {
  const std::string letters = "ab ;c#d ; e\t ;;;   # =:[]";
  std::string mixed;
  while (mixed.size() < 100'000) mixed += letters;
  mixed += 'z';
  for (const std::size_t size :
       {std::size_t{49}, std::size_t{190}, std::size_t{197}, std::size_t{198}, std::size_t{199}, std::size_t{200},
        std::size_t{201}, std::size_t{4096}, std::size_t{100'000}}) {
    const std::string plain(size, 'x');
    BOOST_TEST(value_of("path = " + plain) == plain, size);
    const std::string blanks = 'a' + std::string(size, ' ') + 'b';
    BOOST_TEST(value_of("path = " + blanks) == blanks, size);
    const std::string semicolons = 'a' + std::string(size, ';');
    BOOST_TEST(value_of("path = " + semicolons) == semicolons, size);
    BOOST_TEST(value_of("path = " + plain + " ; " + plain) == plain, size);
    const std::string part = mixed.substr(0, size) + 'z';
    BOOST_TEST(value_of("path = \"" + part + '"') == part, size);
  }
}

BOOST_AUTO_TEST_CASE(cuts_no_name_short) {
  const std::string name(5000, 'n');
  const Document document = parse("[git \"" + name + "\"]\npath = x\n");
  BOOST_REQUIRE(document.sections.size() == 1);
  BOOST_TEST(document.sections[0].name == name);
  BOOST_TEST(document.sections[0].entries.size() == 1);
}

BOOST_AUTO_TEST_CASE(keeps_an_indented_line_apart_from_the_one_before) {
  const Document document = parse("[git \"x\"]\npath = ~/x\n    url = server:x\n");
  BOOST_REQUIRE(document.sections.size() == 1);
  BOOST_REQUIRE(document.sections[0].entries.size() == 2);
  BOOST_TEST(document.sections[0].entries[0].value == "~/x");
  BOOST_TEST(document.sections[0].entries[1].key == "url");
}

BOOST_AUTO_TEST_CASE(takes_windows_line_ends_and_a_byte_order_mark) {
  const Document document = parse("\xef\xbb\xbf[git \"x\"]\r\npath = ~/x\r\n\r\nurl = \"s:x \"\r\n");
  BOOST_TEST(document.problems.empty());
  BOOST_REQUIRE(document.sections.size() == 1);
  BOOST_REQUIRE(document.sections[0].entries.size() == 2);
  BOOST_TEST(document.sections[0].entries[0].value == "~/x");
  BOOST_TEST(document.sections[0].entries[1].value == "s:x ");
}

BOOST_AUTO_TEST_CASE(reads_names_in_quotes_as_git_does) {
  struct Row {
    std::string_view header;
    std::string_view name;
  };
  const Row rows[] = {
      {R"([git "notes"])", "notes"}, {R"([git "my notes"])", "my notes"},         {R"([ git  "a" ] # comment)", "a"},
      {R"([git "a ] b"])", "a ] b"}, {R"([git "a \"b\" \\ c"])", R"(a "b" \ c)"}, {R"([git "a;b#c"];x)", "a;b#c"},
      {R"([git "a=b:c"])", "a=b:c"},
  };
  for (const Row& row : rows) {
    const Document document = parse(row.header);
    BOOST_TEST(document.problems.empty(), row.header);
    BOOST_REQUIRE(document.sections.size() == 1);
    BOOST_TEST(document.sections[0].name == row.name);
  }
}

BOOST_AUTO_TEST_CASE(reads_the_old_format) {
  const Document document = parse(
      "# mine\n"
      "env=home,work # here\n"
      "[git]\n"
      "  ~/notes origin|ssh://server/notes.git  # comment\n"
      "\"~/a # b\" server:x#1.git\n"
      "[unison] # folders\n"
      "~/Documents\tssh://server//srv/d\n");
  BOOST_TEST(document.problems.empty());
  BOOST_TEST(document.env == "home,work");
  BOOST_TEST(document.env_line == 2);
  BOOST_REQUIRE(document.sections.size() == 2);
  BOOST_TEST(is_legacy(document.sections[0]));
  BOOST_REQUIRE(document.sections[0].legacy.size() == 2);
  BOOST_TEST(document.sections[0].legacy[0].text == "~/notes origin|ssh://server/notes.git");
  BOOST_TEST(document.sections[0].legacy[0].line == 4);
  BOOST_TEST(document.sections[0].legacy[1].text == "\"~/a # b\" server:x#1.git");
  BOOST_TEST(document.sections[1].kind == "unison");
  BOOST_REQUIRE(document.sections[1].legacy.size() == 1);
  BOOST_TEST(document.sections[1].legacy[0].text == "~/Documents\tssh://server//srv/d");
}

BOOST_AUTO_TEST_CASE(keeps_both_formats_of_one_file_apart) {
  const Document document =
      parse("[git]\n~/a server:a\n[git \"b\"]\npath = ~/b\n[git]\n~/c server:c\n[rsync \"d\"]\npath = ~/d\n");
  BOOST_TEST(document.problems.empty());
  BOOST_REQUIRE(document.sections.size() == 4);
  BOOST_TEST(document.sections[0].legacy.size() == 1);
  BOOST_TEST(document.sections[1].entries.size() == 1);
  BOOST_TEST(document.sections[2].legacy.size() == 1);
  BOOST_REQUIRE(document.sections[3].entries.size() == 1);
  BOOST_TEST(document.sections[3].entries[0].value == "~/d");
}

BOOST_AUTO_TEST_CASE(tells_what_it_found_and_what_it_expected) {
  struct Row {
    std::string text;
    std::string_view problem;
  };
  const Row rows[] = {
      {"[git \"x\"]\n\nxyz\n", "3: found 'xyz', expected `key = value`\n"},
      {"[git \"x\"]\n~/x server:x\n", "2: mixes the two formats in one section: found '~/x server:x', expected"},
      {"[git \"x\"]\nmy key = 1\n", "2: found 'my key = 1', expected `key = value`\n"},
      {"[git \"x\"]\n= 1\n", "2: found '= 1', expected `key = value`\n"},
      {"[git \"x\"]\n" + std::string(500, 'k') + " = 1\n", "...', expected `key = value`\n"},
      {"[git \"x\"]\na = \"b\n", "2: found '\"b', expected a closing quote"},
      {"[git \"x\"]\na = \"b\" c\n", "2: found '\"b\" c', expected a closing quote"},
      {std::string("[git \"x\"]\na = b\0c\n", 16), "2: found a NUL byte, expected text in UTF-8\n"},
      {"[git \"x\"]\na = \x1b[31m\n", "2: found 'a = \\x1b[31m', expected a line without control characters\n"},
      {"[git \"x\"\npath = x\n", "1: found '[git \"x\"', expected a section such as"},
      {"[git \"x]\n", "1: found '[git \"x]', expected a section such as"},
      {"[git notes]\n", "1: found '[git notes]', expected a section such as [git \"NAME\"]"},
      {"[git \"x\"] path = y\n", "1: found 'path = y', expected nothing behind"},
      {"[hg \"x\"]\npath = y\nnonsense\n", "1: unknown section: found 'hg', expected defaults, git, unison or rsync\n"},
      {"[Git \"x\"]\n", "1: unknown section: found 'Git', expected"},
      {"[]\n", "1: unknown section: found '', expected"},
      {"[rsync]\n~/x server:x\n", "1: found [rsync] without a name, expected [rsync \"NAME\"]\n"},
      {"[defaults \"x\"]\n", "1: found 'x', expected [defaults] without a name\n"},
      {"[defaults]\n[defaults]\n", "2: found [defaults] a second time, expected it once in a file\n"},
      {"path = x\nurl = y\n", "1: found 'path = x', expected a section such as"},
      {"env=a\nenv=b\n", "2: found 'env' a second time, expected it once; the other is in line 1\n"},
  };
  for (const Row& row : rows) {
    const std::string problems = problems_of(row.text);
    BOOST_TEST(contains(problems, row.problem), row.text << " gave " << problems);
    BOOST_TEST(std::count(problems.begin(), problems.end(), '\n') == 1, problems);
  }
}

BOOST_AUTO_TEST_CASE(never_shows_a_password) {
  const std::string problems = problems_of("[git \"x\"]\n~/x https://jane:secret@server/x\n");
  BOOST_TEST(!problems.empty());
  BOOST_TEST(!contains(problems, "secret"));
}

BOOST_AUTO_TEST_CASE(goes_on_after_a_problem) {
  const Document document = parse("[nonsense]\nx\n[git \"a\"]\noops\npath = ~/a\nurl = s:a\n[git \"b\"]\npath = ~/b\n");
  BOOST_TEST(document.problems.size() == 2);
  BOOST_REQUIRE(document.sections.size() == 2);
  BOOST_TEST(document.sections[0].broken);
  BOOST_TEST(document.sections[0].entries.size() == 2);
  BOOST_TEST(!document.sections[1].broken);
  BOOST_TEST(document.sections[1].entries.size() == 1);
}

BOOST_AUTO_TEST_CASE(reads_nothing_from_nothing) {
  for (const std::string_view text : {"", "\n", "\n\n  \n", "\xef\xbb\xbf", "# x", ";"}) {
    const Document document = parse(text);
    BOOST_TEST(document.sections.empty());
    BOOST_TEST(document.problems.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
