#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "folder/repositories.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using namespace syncmanager::folder;

namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(repositories)

BOOST_AUTO_TEST_CASE(finds_each_repository_once_whatever_its_git_is) {
  const test::TemporaryFolder root;
  root.write("b/.git/HEAD", "x");
  root.write("b/.git/modules/inner/.git", "x");
  root.write("worktree/.git", "gitdir: elsewhere");
  root.write(".git/HEAD", "x");
  root.write("we\nird \xff/.git/HEAD", "x");
  fs::create_directory(root.path() / "linked");
  fs::create_symlink("nowhere", root.path() / "linked" / ".git");
  const std::vector<std::string> expected = {".git", "b/.git", "linked/.git", "we\nird \xff/.git", "worktree/.git"};
  BOOST_TEST(repositories_in(root.path(), nullptr) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_nothing_else_for_one) {
  const test::TemporaryFolder root;
  const test::TemporaryFolder elsewhere;
  elsewhere.write("project/.git/HEAD", "x");
  root.write(".gitignore", "x");
  root.write("a.git/HEAD", "x");
  root.write("git/HEAD", "x");
  root.write(".sync-backup/2026-11-24T22-57-26.123Z/b/.git/HEAD", "x");
  root.write("sub/.sync-partial/.git", "x");
  fs::create_directory_symlink(elsewhere.path(), root.path() / "link");
  fs::create_directory_symlink("..", root.path() / "sub" / "loop");
  BOOST_TEST(repositories_in(root.path(), nullptr).empty());
}

BOOST_AUTO_TEST_CASE(passes_over_what_cannot_be_read) {
  const test::TemporaryFolder root;
  BOOST_TEST(repositories_in(root.path() / "missing", nullptr).empty());
  BOOST_TEST(repositories_in(root.write("file", "x"), nullptr).empty());
  if (geteuid() == 0) return;  // root may read everything
  root.write("a/.git/HEAD", "x");
  root.write("closed/.git/HEAD", "x");
  root.write("z/.git/HEAD", "x");
  chmod((root.path() / "closed").c_str(), 0);
  BOOST_TEST((repositories_in(root.path(), nullptr) == std::vector<std::string>{"a/.git", "z/.git"}));
  chmod((root.path() / "closed").c_str(), 0700);
}

BOOST_AUTO_TEST_CASE(ends_early_where_that_is_asked_for) {
  const test::TemporaryFolder root;
  root.write("a/.git/HEAD", "x");
  Interrupt interrupt;
  BOOST_TEST(repositories_in(root.path(), &interrupt).size() == 1U);
  interrupt.request();
  BOOST_TEST(repositories_in(root.path(), &interrupt).empty());
}

BOOST_AUTO_TEST_SUITE_END()
