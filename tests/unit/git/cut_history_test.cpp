// A shallow clone has the newest commits only, and libgit2 does not know.
#include "git/cut_history.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "git/history.hpp"
#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

/// `main` is cut behind its tip, and has gone on from there; so has `side`.
struct Fixture {
  const Library library;
  const test::TempRepo repo;
  std::string cut;
  std::string main;
  std::string side;

  Fixture() {
    const test::TempRepo whole;
    for (const char* const content : {"1", "2", "3"}) cut = whole.commit("f", content);
    repo.git({"fetch", "--quiet", "--depth", "1", "file://" + whole.path().string(), "main"});
    repo.git({"reset", "--quiet", "--hard", cut});
    repo.git({"branch", "side"});
    repo.commit("g", "1");
    main = repo.commit("g", "2");
    repo.git({"switch", "--quiet", "side"});
    side = repo.commit("h", "1");
  }

  [[nodiscard]] Repository opened() const { return Repository::open(repo.path()).value(); }
  static Oid oid(const std::string& hex) { return Oid::from_hex(hex).value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cut_history, Fixture)

BOOST_AUTO_TEST_CASE(tells_how_commits_stand_to_each_other) {
  const Repository repository = opened();
  BOOST_TEST(is_cut(repository));
  BOOST_TEST((repository.relation(oid(cut), oid(main)) == Relation::before));
  BOOST_TEST((repository.relation(oid(main), oid(cut)) == Relation::after));
  BOOST_TEST((repository.relation(oid(main), oid(side)) == Relation::unrelated));
  const Distance distance = repository.distance(oid(main), oid(side));
  BOOST_TEST(distance.ahead == 2U);
  BOOST_TEST(distance.behind == 1U);
}

BOOST_AUTO_TEST_CASE(tells_which_commits_would_be_lost) {
  const Repository repository = opened();
  const auto notes = newest_commits(repository, oid(main), oid(side), 10, Side::local);
  BOOST_REQUIRE(notes.size() == 2U);
  BOOST_TEST(notes.front().id.hex() == main);
  BOOST_TEST(all_committed_by(repository, "jane@example.org", oid(main), oid(side)));
  BOOST_TEST(!all_committed_by(repository, "john@example.org", oid(main), oid(side)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
