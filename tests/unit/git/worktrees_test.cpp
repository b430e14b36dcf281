#include "git/worktrees.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <vector>

#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::git {

namespace {

/// main and topic, whose last commits collide.
struct Colliding : test::TempRepo {
  Colliding() {
    commit("f", "base");
    git({"switch", "--quiet", "--create", "topic"});
    commit("f", "topic");
    git({"switch", "--quiet", "main"});
    commit("f", "main");
  }
  [[nodiscard]] Worktrees read() const { return read_worktrees(git_folder(), path()); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(worktrees)

BOOST_AUTO_TEST_CASE(nothing_is_busy_in_a_quiet_repository) {
  const Colliding repo;
  BOOST_TEST(repo.read().checked_out.size() == 1);
  BOOST_TEST(repo.read().checked_out.at("main") == repo.path());
  BOOST_TEST(repo.read().busy.empty());
}

BOOST_AUTO_TEST_CASE(a_branch_in_the_middle_of_something_is_busy) {
  struct Row {
    std::string what;
    std::function<void(const Colliding&)> begin;
    std::string branch;
  };
  const std::vector<Row> rows = {
      {"merge",
       [](const Colliding& repo) {
         repo.git_fails({"merge", "topic"});
       },
       "main"},
      {"cherry-pick",
       [](const Colliding& repo) {
         repo.git_fails({"cherry-pick", "topic"});
       },
       "main"},
      {"revert",
       [](const Colliding& repo) {
         repo.git_fails({"revert", "--no-edit", "main~1"});
       },
       "main"},
      {"rebase",
       [](const Colliding& repo) {
         repo.git_fails({"rebase", "topic"});
       },
       "main"},
      {"rebase --apply",
       [](const Colliding& repo) {
         repo.git_fails({"rebase", "--apply", "topic"});
       },
       "main"},
      {"bisect",
       [](const Colliding& repo) {
         repo.git({"bisect", "start", "HEAD", "HEAD~1"});
       },
       "main"},
      {"am",
       [](const Colliding& repo) {
         repo.write("patch", repo.git({"format-patch", "--stdout", "-1", "topic"}) + "\n");
         repo.git_fails({"am", "patch"});
       },
       "main"},
      {"rebase --update-refs",
       [](const Colliding& repo) {
         repo.git({"branch", "stacked", "main~1"});
         repo.git({"switch", "--quiet", "--create", "upper"});
         repo.commit("g", "1");
         repo.git({"branch", "--force", "stacked", "main"});
         repo.git_fails({"rebase", "--update-refs", "topic"});
       },
       "stacked"},
  };
  for (const Row& row : rows) {
    const Colliding repo;
    row.begin(repo);
    BOOST_TEST(repo.read().busy.contains(row.branch), row.what);
    BOOST_TEST(!repo.read().busy.contains("topic"), row.what);
  }
}

BOOST_AUTO_TEST_CASE(linked_worktrees_count_too) {
  const Colliding repo;
  const test::TemporaryFolder elsewhere;
  const auto linked = elsewhere.path() / "linked";
  repo.git({"worktree", "add", "--quiet", linked.string(), "topic"});
  const Worktrees read = repo.read();
  BOOST_TEST(read.checked_out.at("topic") == linked);
  BOOST_TEST(read.checked_out.at("main") == repo.path());
  std::filesystem::remove_all(linked);
  BOOST_TEST(repo.read().checked_out.contains("topic"));
  repo.git({"worktree", "prune"});
  BOOST_TEST(!repo.read().checked_out.contains("topic"));
}

BOOST_AUTO_TEST_CASE(a_bare_repository_has_nothing_checked_out) {
  const Colliding repo;
  BOOST_TEST(read_worktrees(repo.git_folder(), {}).checked_out.empty());
}

BOOST_AUTO_TEST_CASE(all_of_them_are_listed_with_what_they_hold_and_do) {
  const Colliding repo;
  const test::TemporaryFolder elsewhere;
  repo.git({"worktree", "add", "--quiet", (elsewhere.path() / "second").string(), "topic"});
  repo.git({"switch", "--quiet", "--detach", "main"});
  repo.git_fails({"cherry-pick", "topic"});
  const Worktrees found = repo.read();
  BOOST_REQUIRE(found.all.size() == 2);
  BOOST_TEST(found.all[0].folder == repo.path());
  BOOST_TEST(found.all[0].branch.empty());
  BOOST_TEST(found.all[0].busy == "cherry-pick");
  BOOST_TEST(found.all[1].folder == elsewhere.path() / "second");
  BOOST_TEST(found.all[1].branch == "topic");
  BOOST_TEST(found.all[1].busy.empty());
  BOOST_TEST(read_worktrees(repo.git_folder(), {}).all.size() == 1);  // as of a bare repository
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
