#include "git/paths.hpp"

#include <string_view>

#include <boost/test/unit_test.hpp>

namespace syncmanager::git {

BOOST_AUTO_TEST_SUITE(paths)

BOOST_AUTO_TEST_CASE(names_of_files_in_a_tree_are_told_from_those_that_lead_out_of_it_or_into_gits_folder) {
  for (const std::string_view path :
       {"a", "a/b", ".gitignore", ".github/x", "a/.gitmodules", "...", "git", "dir/..x", ".git-x", "git~2", "na me"}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(is_in_tree(path));
    }
  }
  for (const std::string_view path : {"",
                                      "/",
                                      "/etc/passwd",
                                      "..",
                                      "../a",
                                      "a/../../b",
                                      "a//b",
                                      "a/",
                                      "./a",
                                      "a/.",
                                      ".git",
                                      ".git/HEAD",
                                      "a/.git/b",
                                      ".GIT/hooks/x",
                                      ".git./x",
                                      ".git /x",
                                      ".git::$INDEX_ALLOCATION/x",
                                      "git~1",
                                      "GIT~1/x",
                                      "..\\a",
                                      "a\\.git\\x",
                                      ".g\u200cit/x",
                                      ".git...",
                                      "../"}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(!is_in_tree(path));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
