#include "git/history.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

struct Fixture {
  Library library;
  test::TempRepo repo;
  Oid first = *Oid::from_hex(repo.commit("f", "1"));
  Repository repository = Repository::open(repo.path()).value();

  /// A commit on top of another one.
  [[nodiscard]] Oid commit(const Oid& parent, const std::string& committer) const {
    repo.write("commit", "tree " + repo.git({"rev-parse", "HEAD^{tree}"}) + "\nparent " + parent.hex() +
                             "\nauthor A <a@example.org> 1700000000 +0000\ncommitter C <" + committer +
                             "> 1700000000 +0000\n\nx\n");
    return *Oid::from_hex(repo.git({"hash-object", "-t", "commit", "-w", "commit"}));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(history, Fixture)

BOOST_AUTO_TEST_CASE(knows_whose_commits_a_rewrite_would_take_away) {
  repo.git({"config", "user.email", "jane@example.org"});
  const std::string me = own_email(repository);
  BOOST_TEST(me == "jane@example.org");
  const Oid mine = commit(commit(first, me), me);
  const Oid theirs = commit(commit(first, "joe@example.org"), me);
  BOOST_TEST(all_committed_by(repository, me, mine, theirs));
  BOOST_TEST(!all_committed_by(repository, me, theirs, mine));
  BOOST_TEST(!all_committed_by(repository, "", mine, theirs));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
