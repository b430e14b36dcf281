#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "folder/unison_profile.hpp"
#include "folder/unison_version.hpp"
#include "support/sandbox.hpp"

using namespace syncmanager;
using namespace syncmanager::folder;

namespace {

constexpr std::string_view both_roots = "root = {{ local_path }}\nroot = {{server_path}}\n";

std::string problem_of(std::string_view text, const std::string& local = "/here",
                       const std::string& server = "/there") {
  try {
    fill_template(text, local, server, "mine");
  } catch (const Error& error) {
    BOOST_TEST((error.kind() == ErrorKind::usage));
    return error.what();
  }
  return "";
}

bool fits(std::string_view here, std::string_view there) {
  return fit(*parse_unison_version(here), *parse_unison_version(there));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unison_profile)

BOOST_AUTO_TEST_CASE(fills_both_roots_in) {
  BOOST_TEST(fill_template(both_roots, "/home/jane/my docs", "ssh://server//srv/{{docs}}", "mine") ==
             "root = /home/jane/my docs\nroot = ssh://server//srv/{{docs}}\n");
  BOOST_TEST(fill_template("# {{   local_path}}\n{{server_path }}", "a", "b", "mine") == "# a\nb");
}

BOOST_AUTO_TEST_CASE(has_a_template_of_its_own) {
  const std::string profile = fill_template(builtin_template("sm_default"), "/here", "/there", "sm_default");
  BOOST_TEST(test::contains(profile, "root = /here\nroot = /there\n"));
  BOOST_TEST(test::contains(profile, "backup = Name *\n"));
  BOOST_TEST(builtin_template("other") == "");
}

BOOST_AUTO_TEST_CASE(refuses_templates_that_would_sync_something_else) {
  BOOST_TEST(problem_of(both_roots) == "");
  BOOST_TEST(problem_of("root = {{ local_path }}\n") == "the template mine does not name both roots");
  BOOST_TEST(problem_of("") == "the template mine does not name both roots");
  BOOST_TEST(problem_of("root = {{ path }}\n") == "the template mine has 'path' between braces");
  BOOST_TEST(test::contains(problem_of("root = {{ local_path\n"), "between braces"));
}

BOOST_AUTO_TEST_CASE(refuses_roots_that_a_profile_cannot_hold) {
  for (const std::string& root :
       {std::string("/a\nservercmd = evil"), std::string("/a\r"), std::string("/a "), std::string(" /a")}) {
    BOOST_TEST(test::contains(problem_of(both_roots, root), "can't be given the path"), root);
    BOOST_TEST(test::contains(problem_of(both_roots, "/here", root), "can't be given the path"), root);
  }
}

BOOST_AUTO_TEST_CASE(knows_which_root_is_shown_first) {
  BOOST_TEST(comes_first("# root = /b\n root=/a \nroot = /b\n", "/a"));
  BOOST_TEST(!comes_first("root = /b\nroot = /a\n", "/a"));
}

BOOST_AUTO_TEST_CASE(knows_which_profiles_may_merge) {
  for (const std::string_view profile : {"root = a\nmerge = Name * -> x\n", "merge=Name * -> x", " include common\n",
                                         "include? common", "source\tcommon.prf"}) {
    BOOST_TEST(may_merge(profile), profile);
  }
  for (const std::string_view profile : {"", "root = /merge\n", "# merge = Name * -> x\n", "mergeonly = x\n"}) {
    BOOST_TEST(!may_merge(profile), profile);
  }
  BOOST_TEST(!may_merge(builtin_template("sm_default")));
}

BOOST_AUTO_TEST_CASE(knows_what_runs_on_the_server) {
  int asked = 0;
  const auto version = [&](std::string text) { return [&asked, text = std::move(text)] { return ++asked, text; }; };
  BOOST_TEST(server_program("root = a\n", version("2.52.1")) == "unison");
  BOOST_TEST(server_program("servercmd = /opt/bin/unison\n", version("2.52.1")) == "/opt/bin/unison");
  BOOST_TEST(server_program("addversionno = false\n# servercmd = x\n", version("2.52.1")) == "unison");
  BOOST_TEST(asked == 0);  // which would start the one here
  BOOST_TEST(server_program("addversionno = true\n", version("2.52.1")) == "unison-2.52");
  BOOST_TEST(server_program("addversionno = true\n", version("2.52")) == "unison-2.52");
}

BOOST_AUTO_TEST_CASE(reads_versions) {
  const auto version = parse_unison_version("unison version 2.52.1 (ocaml 4.13.1)");
  BOOST_REQUIRE(version.has_value());
  BOOST_TEST(version->major == 2U);
  BOOST_TEST(version->minor == 52U);
  BOOST_TEST(version->text == "2.52.1");
  for (const std::string_view other : {"", "unison", "unison version ", "unison version 2", "unison version x.y",
                                       "sh: 1: unison: not found", "Unison version 2.52.1"}) {
    BOOST_TEST(!parse_unison_version(other).has_value(), other);
  }
}

BOOST_AUTO_TEST_CASE(refuses_only_pairs_that_cannot_work) {
  struct Row {
    std::string_view here;
    std::string_view there;
    bool fit;
  };
  const Row rows[] = {
      {"unison version 2.52.1", "unison version 2.52.1", true},
      {"unison version 2.52.1", "unison version 2.53.8", true},
      {"unison version 2.53.0", "unison version 2.51.5", true},
      {"unison version 2.54.0", "unison version 2.52.0", true},
      {"unison version 2.54.0", "unison version 2.51.5", false},
      {"unison version 2.52.0", "unison version 2.48.4", true},
      {"unison version 2.51.2", "unison version 2.51.5", true},
      {"unison version 2.51.2", "unison version 2.48.4", false},
      {"unison version 2.52.1", "unison version 2.40.102", false},
      {"unison version 3.0.0", "unison version 2.52.1", true},
  };
  for (const Row& row : rows) {
    BOOST_TEST(fits(row.here, row.there) == row.fit);
    BOOST_TEST(fits(row.there, row.here) == row.fit);
  }
}

BOOST_AUTO_TEST_SUITE_END()
