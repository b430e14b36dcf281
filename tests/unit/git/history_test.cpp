#include "git/history.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

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
  [[nodiscard]] Oid commit(const Oid& parent, const std::string& committer,
                           const std::string& date = "1700000000 +0000") const {
    repo.write("commit", "tree " + repo.git({"rev-parse", "HEAD^{tree}"}) + "\nparent " + parent.hex() +
                             "\nauthor A <a@example.org> " + date + "\ncommitter C <" + committer +
                             "> 1700000000 +0000\n\nx\n");
    return *Oid::from_hex(repo.git({"hash-object", "-t", "commit", "-w", "--literally", "commit"}));
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

BOOST_AUTO_TEST_CASE(a_date_that_no_calendar_has_is_told_as_the_first_or_last_one) {
  using namespace std::chrono;
  const sys_seconds soonest = sys_days(year(1) / 1 / 2);
  const sys_seconds latest = sys_days(year(9999) / 12 / 30);
  const std::vector<std::pair<std::string, sys_seconds>> rows = {
      {"1700000000 +0130", sys_seconds(seconds(1700000000))},
      {"99999999999999999 +0000", latest},
      {"9223372036854775807 +9999", latest},
      {"67768036191676800 -1400", latest},
      {"253402300799 +0000", latest},
  };
  for (const auto& [date, time] : rows) {
    const auto notes = newest_commits(repository, commit(first, "c@example.org", date), first, 1, Side::server);
    BOOST_REQUIRE(notes.size() == 1U);
    BOOST_TEST((notes.front().time == time), date);
    BOOST_TEST((abs(notes.front().offset) < hours(24)), date);
    const sys_seconds there = notes.front().time + notes.front().offset;
    BOOST_TEST((there >= soonest - hours(24) && there < latest + hours(48)), date);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
