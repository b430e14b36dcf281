#include "git/worktree.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/file.hpp"
#include "git/git_command.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

/// A working tree one commit behind what it is to be moved to.
struct Behind {
  test::TempRepo repo;
  test::TemporaryFolder home;
  Oid from = *Oid::from_hex(repo.commit("f", "1"));
  Oid to = *Oid::from_hex(repo.commit("f", "2"));
  Environment environment;

  Behind() {
    environment.variables = test::git_environment(home.path());
    repo.git({"reset", "--quiet", "--hard", from.hex()});
  }

  TreeResult move(const std::string& branch) const {
    return fast_forward_tree(environment, repo.path(), branch, from, to);
  }
  [[nodiscard]] std::string head() const { return repo.git({"rev-parse", "HEAD"}); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(worktree)

BOOST_AUTO_TEST_CASE(only_fast_forwards_whatever_the_configuration_makes_of_a_merge) {
  const std::vector<std::pair<std::string, std::string>> settings = {
      {"pull.twohead", "ours"},
      {"pull.twohead", "no-such-strategy"},
      {"branch.BRANCH.mergeOptions", "--strategy=ours"},
      {"branch.BRANCH.mergeOptions", "--no-ff -s subtree"},
      {"branch.BRANCH.mergeOptions", "--squash"},
      {"branch.BRANCH.mergeOptions", "'"},
      {"merge.ff", "false"},
  };
  for (const std::string branch : {"main", "with=sign.and\"more"}) {
    for (const auto& [key, value] : settings) {
      const Behind behind;
      behind.repo.git({"switch", "--quiet", "--force-create", branch});
      std::string name = key;
      if (const auto place = name.find("BRANCH"); place != std::string::npos) name.replace(place, 6, branch);
      behind.repo.git({"config", name, value});
      const TreeResult result = behind.move(branch);
      BOOST_TEST_CONTEXT(name << " = " << value << ": " << result.message) {
        BOOST_TEST((result.moved == TreeMoved::yes));
        BOOST_TEST(behind.head() == behind.to.hex());
        BOOST_TEST(behind.repo.git({"status", "--porcelain"}).empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_branch_is_written_through_to_the_disk) {
  Behind behind;
  const auto trace = behind.home.path() / "trace";
  behind.environment.variables.push_back("GIT_TRACE2_EVENT=" + trace.string());
  const auto written_through = [&] {
    const bool told = read_file(trace).value().find("hardware-flush") != std::string::npos;
    return std::filesystem::remove(trace) && told;
  };
  run_git(behind.environment, behind.repo.path(), {"-c", "core.fsync=reference", "update-ref", "refs/x", "HEAD"});
  if (!written_through()) return;  // this git is too old to be asked for it, or to tell
  run_git(behind.environment, behind.repo.path(), {"update-ref", "refs/y", "HEAD"});
  BOOST_TEST(!written_through());
  BOOST_TEST((behind.move("main").moved == TreeMoved::yes));
  BOOST_TEST(written_through());
}

namespace {

/// A working tree on a commit that has been rewritten: `f` differs, `gone` is missing in the new one, `new` in the old.
struct Rewritten {
  test::TempRepo repo;
  test::TemporaryFolder home;
  Environment environment;
  Oid base = *Oid::from_hex(repo.commit("same", "same\n"));
  Oid from;
  Oid to;

  Rewritten() {
    environment.variables = test::git_environment(home.path());
    repo.write("new/file", "new\n");
    repo.git({"add", "--all"});
    to = *Oid::from_hex(repo.commit("f", "new\n"));
    repo.git({"reset", "--quiet", "--hard", base.hex()});
    repo.write("gone", "gone\n");
    repo.git({"add", "--all"});
    from = *Oid::from_hex(repo.commit("f", "old\n"));
  }
  [[nodiscard]] TreeResult move() const { return replace_tree(environment, repo.path(), "main", from, to); }
  [[nodiscard]] std::string status() const { return repo.git({"status", "--porcelain", "--ignored"}); }
  [[nodiscard]] std::string content(const std::string& file) const {
    return read_file(repo.path() / file).value_or("none");
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(replaces_a_tree_as_a_whole) {
  const Rewritten tree;
  const TreeResult result = tree.move();
  BOOST_TEST((result.moved == TreeMoved::yes), result.message);
  BOOST_TEST(tree.repo.git({"rev-parse", "main"}) == tree.to.hex());
  BOOST_TEST(tree.status() == "");
  BOOST_TEST(tree.content("f") == "new\n");
  BOOST_TEST(tree.content("gone") == "none");
}

BOOST_AUTO_TEST_CASE(what_the_user_has_changed_elsewhere_stays_changed_and_staged) {
  const Rewritten tree;
  tree.repo.write("same", "edited\n");
  tree.repo.write("staged", "staged\n");
  tree.repo.git({"add", "staged"});
  tree.repo.write("untracked", "mine\n");
  std::filesystem::last_write_time(tree.repo.path() / "f", std::filesystem::file_time_type{});  // no change at all
  const std::string before = tree.status();
  BOOST_TEST((tree.move().moved == TreeMoved::yes));
  BOOST_TEST(tree.status() == before);
  BOOST_TEST(tree.content("same") == "edited\n");
  BOOST_TEST(tree.content("f") == "new\n");
}

BOOST_AUTO_TEST_CASE(nothing_is_replaced_where_something_of_the_users_is_in_the_way) {
  struct Row {
    std::string what;
    std::string file;
    bool staged = false;
  };
  const std::vector<Row> rows = {
      {"edited", "f"},           {"edited and staged", "f", true},   {"edited, to be deleted", "gone"},
      {"untracked", "new/file"}, {"untracked, for a folder", "new"}, {"ignored", "new/file"}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.what) {
      const Rewritten tree;
      if (row.what == "ignored") tree.repo.write(".git/info/exclude", "file\n");
      tree.repo.write(row.file, "mine\n");
      if (row.staged) tree.repo.git({"add", row.file});
      const std::string before = tree.status();
      const TreeResult result = tree.move();
      BOOST_TEST((result.moved == TreeMoved::dirty));
      BOOST_TEST(result.files == std::vector<std::string>{row.file});
      BOOST_TEST(tree.status() == before);
      BOOST_TEST(tree.content(row.file) == "mine\n");
      BOOST_TEST(tree.repo.git({"rev-parse", "main"}) == tree.from.hex());
    }
  }
}

BOOST_AUTO_TEST_CASE(replaces_only_what_is_where_it_was_seen) {
  const Rewritten tree;
  const std::string later = tree.repo.commit("f", "later\n");
  BOOST_TEST((tree.move().moved == TreeMoved::stale));
  BOOST_TEST(tree.repo.git({"rev-parse", "main"}) == later);
  BOOST_TEST(tree.status() == "");
}

BOOST_AUTO_TEST_CASE(stashes_the_files_that_are_in_the_way_and_no_others) {
  const Rewritten tree;
  tree.repo.write("f", "mine\n");
  tree.repo.write("new/file", "untracked\n");
  tree.repo.write("same", "edited\n");
  stash(tree.environment, tree.repo.path(), {"f", "new/file"}, "sync: before main moves");
  BOOST_TEST(tree.status() == " M same");
  BOOST_TEST((tree.move().moved == TreeMoved::yes));
  BOOST_TEST(tree.content("same") == "edited\n");
  BOOST_TEST(tree.repo.git({"show", "stash@{0}:f"}) == "mine");
  BOOST_TEST(tree.repo.git({"show", "stash@{0}^3:new/file"}) == "untracked");
}

BOOST_AUTO_TEST_CASE(repositories_in_the_working_tree_can_not_be_stashed) {
  const test::TempRepo repo;
  for (const std::string inner : {"x", "y/below"}) repo.git({"init", "--quiet", inner});
  repo.write("x/file", "");
  repo.write("y/file", "");
  repo.write("z/file", "");
  const std::vector<std::string> files = {"f", "x", "x/file", "y", "y/file", "y/below/", "z", "z/file"};
  const std::vector<std::string> stay = {"x", "x/file", "y", "y/below/"};
  BOOST_TEST(unstashable(repo.path(), files) == stay, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
