#include "model/project.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;

BOOST_AUTO_TEST_SUITE(project)

BOOST_AUTO_TEST_CASE(selects_branches_by_the_last_glob_that_matches) {
  struct Row {
    std::vector<std::string> globs;
    std::string_view branch;
    bool selected;
  };
  const Row rows[] = {
      {{}, "main", true},
      {{}, "feature/x", true},
      {{"*"}, "feature/x/y", true},
      {{"main"}, "main", true},
      {{"main"}, "maintenance", false},
      {{"main"}, "feature/main", false},
      {{"feature/*"}, "feature/x/y", true},
      {{"feature/*"}, "main", false},
      {{"main", "dev"}, "dev", true},
      {{"!wip/*"}, "main", true},  // excludes alone start from all branches
      {{"!wip/*"}, "wip/x", false},
      {{"!wip/*", "!tmp"}, "tmp", false},
      {{"*", "!wip/*"}, "wip/x", false},
      {{"*", "!wip/*", "wip/keep"}, "wip/keep", true},
      {{"*", "!wip/*", "wip/keep"}, "wip/x", false},
      {{"wip/keep", "!wip/*"}, "wip/keep", false},
      {{"main", "!*"}, "main", false},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.branch << " by " << (row.globs.empty() ? "nothing" : row.globs.back())) {
      BOOST_TEST(BranchFilter(row.globs).selects(row.branch) == row.selected);
    }
  }
  BOOST_TEST(BranchFilter().selects("main"));
}

BOOST_AUTO_TEST_CASE(names_clients_and_directions_as_conf_files_do) {
  BOOST_TEST(to_string(Client::git) == "git");
  BOOST_TEST(to_string(Client::unison) == "unison");
  BOOST_TEST(to_string(Client::rsync) == "rsync");
  BOOST_TEST(to_string(Direction::both) == "both");
  BOOST_TEST(to_string(Direction::pull) == "pull");
  BOOST_TEST(to_string(Direction::push) == "push");
}

BOOST_AUTO_TEST_SUITE_END()
