#include "git/tree_status.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/temp_repo.hpp"

namespace syncmanager::git {

BOOST_AUTO_TEST_SUITE(tree_status)

BOOST_AUTO_TEST_CASE(each_entry_counts_where_its_letters_say) {
  struct Row {
    std::string status;
    TreeChanges changes;
  };
  const std::string nul(1, '\0');
  const std::vector<Row> rows = {
      {"", {}},
      {"M  a" + nul, {.staged = 1}},
      {" M a" + nul, {.changed = 1}},
      {"MM a" + nul + " D b" + nul, {.staged = 1, .changed = 2}},
      {"?? a b/" + nul + "?? c" + nul, {.untracked = 2}},
      {"UU a" + nul + "AA b" + nul + "DU c" + nul, {.conflicts = 3}},
      {"!! a" + nul, {}},
      {"A  ?? a" + nul, {.staged = 1}},
      {"M  a", {.staged = 1}},
      {"M" + nul + nul + "xyz" + nul, {}},
  };
  for (const Row& row : rows) BOOST_TEST((count_changes(row.status) == row.changes), row.status);
}

BOOST_AUTO_TEST_CASE(a_real_tree_is_counted_and_left_alone) {
  const test::TempRepo repo;
  repo.commit("staged", "1");
  repo.commit("changed", "1");
  repo.commit("old", "1");
  repo.write("staged", "2");
  repo.git({"add", "staged"});
  repo.write("changed", "2");
  repo.git({"mv", "old", "new"});
  repo.write("untracked", "1");
  // The same content with another time: only the index, which is not written, would remember that it is the same.
  const auto index = std::filesystem::last_write_time(repo.git_folder() / "index");
  std::filesystem::last_write_time(repo.path() / "new", index + std::chrono::seconds(9));
  Environment environment;
  environment.variables = test::git_environment(repo.path());
  const TreeChanges expected{.staged = 3, .changed = 1, .untracked = 1};
  BOOST_TEST((tree_changes(environment, repo.path()).changes == expected));
  BOOST_TEST((std::filesystem::last_write_time(repo.git_folder() / "index") == index));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_no_tree_is_not_taken_for_the_one_around_it) {
  const test::TempRepo repo;
  repo.commit("f", "1");
  repo.write("inside/f", "1");
  repo.write("damaged/.git", "nonsense");
  Environment environment;
  environment.variables = test::git_environment(repo.path());
  const TreeSeen inside = tree_changes(environment, repo.path() / "inside");
  BOOST_TEST(!inside.changes.has_value());
  BOOST_TEST(inside.trouble == "its file .git is missing");
  const TreeSeen damaged = tree_changes(environment, repo.path() / "damaged");
  BOOST_TEST(!damaged.changes.has_value());
  BOOST_TEST(damaged.trouble.find("gitfile") != std::string::npos, damaged.trouble);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
