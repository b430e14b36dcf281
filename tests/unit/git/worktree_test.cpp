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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
