#include "sync/move_branch.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::sync {

namespace {

/// A branch `topic` with a commit of its own, beside `main`, which is checked out.
struct Fixture {
  git::Library library;
  test::TempRepo repo;
  Oid base = commit("f", "1");
  Oid work;
  Environment environment;
  git::Repository repository = *git::Repository::open(repo.path());
  git::LocalRefs refs;
  git::Worktrees worktrees;
  git::Rescuer rescuer = git::Rescuer(repository);

  Fixture() {
    repo.git({"switch", "--quiet", "--create", "topic"});
    work = commit("g", "1");
    repo.git({"switch", "--quiet", "main"});
    environment.variables = test::git_environment(repo.path());
  }

  Oid commit(const std::string& file, const std::string& content) const {
    return *Oid::from_hex(repo.commit(file, content));
  }
  void look() { refs = repository.refs("origin"); }
  bool deletes_topic() {
    const BranchMove away{.name = "topic", .from = work, .to = std::nullopt, .forward = false, .log = {}};
    return move_branch({environment, repository, refs, worktrees, rescuer}, away).arrived();
  }
  std::string refs_with_work() const {
    return repo.git({"for-each-ref", "--format=%(refname:lstrip=-1)", "--contains", work.hex()});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(moving_branches, Fixture)

BOOST_AUTO_TEST_CASE(what_is_lost_is_kept_though_another_branch_held_it_a_moment_ago) {
  repo.git({"branch", "wip", "topic"});
  look();
  repo.git({"branch", "--delete", "--force", "wip"});
  BOOST_TEST(deletes_topic());
  rescuer.drop_needless();
  BOOST_TEST(refs_with_work() == "topic");  // the rescue ref of this name
}

BOOST_AUTO_TEST_CASE(of_two_branches_with_one_tip_the_last_one_leaves_a_rescue_ref) {
  repo.git({"branch", "wip", "topic"});
  look();
  BOOST_TEST(deletes_topic());
  rescuer.drop_needless();
  BOOST_TEST(refs_with_work() == "wip");
  repo.git({"branch", "topic", "wip"});
  repo.git({"branch", "--delete", "--force", "wip"});
  BOOST_TEST(deletes_topic());
  rescuer.drop_needless();
  BOOST_TEST(refs_with_work() == "topic");
}

BOOST_AUTO_TEST_CASE(what_an_alias_named_is_kept) {
  repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/topic"});
  look();
  BOOST_TEST(deletes_topic());
  rescuer.drop_needless();
  BOOST_TEST(repo.git({"for-each-ref", "--format=%(refname:lstrip=-1)", "refs/sync/rescue"}) == "topic");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
