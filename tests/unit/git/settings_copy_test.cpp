#include "git/settings_copy.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

/// As git prints them, each with its NUL.
std::string listing(const std::vector<std::string>& entries) {
  std::string text;
  for (const std::string& entry : entries) text += entry + '\0';
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings_copy)

BOOST_AUTO_TEST_CASE(git_reads_back_what_was_copied) {
  const std::string all = listing({"user.name\n Jane \"J\" Doe; #1 \\ ", "merge.a.b\"\\ c.driver\nx\ty\n z\r\nend\n",
                                   "merge.own.recursive", "core.attributesfile\n~/a", "core.autocrlf\n",
                                   "merge.default\nunion", "merge.default\ntext", "user.name\n\xff\b\x01"});
  const test::TempRepo repo;
  repo.write("config", settings_file(parse_settings(all)));
  BOOST_TEST(repo.git({"config", "--file", "config", "--list", "-z"}) == all);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_the_other_repository_is_left_out) {
  const std::string kept = listing({"extensions.objectformat\nsha1", "core.eol\nlf", "merge.renames\ntrue"});
  const std::string left_out =
      listing({"core.bare\ntrue", "core.worktree\n..", "core.hookspath\nx", "extensions.worktreeconfig\ntrue",
               "include.path\nx", "includeif.gitdir:~/work/.path\nx", "merge.ff\nonly", "hook.x.command\ny",
               "rerere.enabled\ntrue", "filter.lfs.smudge\nx"});
  BOOST_TEST(settings_file(parse_settings(kept + left_out)) == settings_file(parse_settings(kept)));
  BOOST_TEST(parse_settings(kept).size() == 3U);
}

BOOST_AUTO_TEST_CASE(filters_are_copied_only_where_a_merge_runs_them) {
  const auto copied = [](const std::string& value) {
    const std::string text = listing({"filter.x.clean\ncat", "merge.renormalize\n" + value});
    return settings_file(parse_settings(text)).find("[filter \"x\"]") != std::string::npos;
  };
  BOOST_TEST(copied("true"));
  BOOST_TEST(!copied("false"));
}

BOOST_AUTO_TEST_CASE(a_boolean_is_read_as_git_reads_it) {
  const auto on = [](const std::string& entry) { return is_on(parse_settings(listing({entry})), "a.b"); };
  for (const std::string value : {"a.b", "a.b\ntrue", "a.b\nYes", "a.b\non", "a.b\n1", "a.b\n-1"})
    BOOST_TEST(on(value));
  for (const std::string value : {"a.b\n", "a.b\nFalse", "a.b\nno", "a.b\nOFF", "a.b\n0", "a.bc"})
    BOOST_TEST(!on(value));
  BOOST_TEST(!is_on(parse_settings(listing({"a.b\ntrue", "a.b\nfalse"})), "a.b"));
}

BOOST_AUTO_TEST_CASE(what_is_no_setting_is_passed_over) {
  for (const std::string entry : {"", "\n", ".", "a", "a.", ".b\nx", "a.b.\nx"}) {
    BOOST_TEST(parse_settings(listing({entry})).empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
