#include "git/rescue.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

using namespace std::chrono_literals;

const Rescuer::Time now(1'700'000'000s);  // 2023-11-14 22:13:20

Oid oid(const std::string& hex) {
  return *Oid::from_hex(hex);
}

struct Fixture {
  Library library;
  test::TempRepo repo;
  Oid first = oid(repo.commit("f", "1"));
  Oid second = oid(repo.commit("f", "2"));
  Repository repository = *Repository::open(repo.path());

  std::string tip(const std::string& ref) const { return repo.git({"rev-parse", ref}); }
  std::string rescue_refs() const { return repo.git({"for-each-ref", "--format=%(refname)", "refs/sync/rescue"}); }
  Oid loose_commit(const std::string& message) const {
    return oid(repo.git({"commit-tree", "-m", message, "HEAD^{tree}"}));
  }
  void keep(const std::string& name, const Oid& commit) { Rescuer(repository).keep(name, commit, now); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rescue, Fixture)

BOOST_AUTO_TEST_CASE(keeps_what_a_ref_is_about_to_lose) {
  keep("main", second);
  BOOST_TEST(tip("refs/sync/rescue/20231114T221320Z/main") == second.hex());
  keep("main", loose_commit("x"));
  keep("main/below", loose_commit("y"));
  BOOST_TEST(rescue_refs() ==
             "refs/sync/rescue/20231114T221320Z-2/main\nrefs/sync/rescue/20231114T221320Z-3/main/below\n"
             "refs/sync/rescue/20231114T221320Z/main");
}

BOOST_AUTO_TEST_CASE(one_ref_is_enough_for_a_commit_as_long_as_it_is_there) {
  Rescuer rescuer(repository);
  rescuer.keep("main", second, now);
  rescuer.keep("other", second, now);
  rescuer.keep("main", second, now + 1h);
  keep("main", second);
  BOOST_TEST(rescue_refs() == "refs/sync/rescue/20231114T221320Z/main");
  repo.git({"update-ref", "-d", "refs/sync/rescue/20231114T221320Z/main"});
  rescuer.keep("main", second, now + 1h);
  BOOST_TEST(rescue_refs() == "refs/sync/rescue/20231114T231320Z/main");
}

BOOST_AUTO_TEST_CASE(a_ref_that_may_expire_long_before_a_new_one_would_does_not_count) {
  for (const std::string time : {"20230814T221320Z", "20231113T220000Z", "20231115T223000Z", "19700101T000000Z"}) {
    const std::string old = "refs/sync/rescue/" + time + "/main";
    repo.git({"update-ref", old, second.hex()});
    keep("main", second);
    BOOST_TEST(tip("refs/sync/rescue/20231114T221320Z/main") == second.hex(), time);
    repo.git({"update-ref", "-d", old});
    repo.git({"update-ref", "-d", "refs/sync/rescue/20231114T221320Z/main"});
  }
}

BOOST_AUTO_TEST_CASE(what_branches_or_tags_hold_in_the_end_is_dropped) {
  const Oid lost = loose_commit("lost");
  const Oid tagged = loose_commit("tagged");
  repo.git({"tag", "-a", "-m", "x", "v1", tagged.hex()});
  repo.git({"update-ref", "refs/remotes/origin/lost", lost.hex()});  // goes with the server's
  repo.git({"update-ref", "refs/sync/rescue/20231114T221319Z/main", first.hex()});
  Rescuer rescuer(repository);
  rescuer.keep("topic", first, now);  // which that one keeps
  rescuer.keep("main", second, now);
  rescuer.keep("lost", lost, now);
  rescuer.keep("tagged", tagged, now);
  rescuer.drop_needless();
  BOOST_TEST(rescue_refs() == "refs/sync/rescue/20231114T221319Z/main\nrefs/sync/rescue/20231114T221320Z/lost");
  rescuer.keep("main", second, now);
  BOOST_TEST(tip("refs/sync/rescue/20231114T221320Z/main") == second.hex());
}

BOOST_AUTO_TEST_CASE(what_is_not_here_can_not_be_kept) {
  keep("main", oid(std::string(40, '1')));
  BOOST_TEST(rescue_refs().empty());
}

BOOST_AUTO_TEST_CASE(old_refs_expire_and_others_below_them_stay) {
  const std::string tip_of_main = tip("main");
  repo.git({"update-ref", "refs/sync/rescue/20230814T221320Z-2/topic/x", tip_of_main});
  repo.git({"update-ref", "refs/sync/rescue/20231114T221320Z/main", tip_of_main});
  repo.git({"update-ref", "refs/sync/rescue/2023/main", tip_of_main});
  const std::vector<Rescued> before = rescued(repository);
  BOOST_TEST_REQUIRE(before.size() == 2U);
  BOOST_TEST(before[0].name == "topic/x");
  BOOST_TEST((now - before[0].since == 24h * 92));
  BOOST_TEST((before[1].since == now));
  expire_rescued(repository, now);
  BOOST_TEST(rescue_refs() == "refs/sync/rescue/2023/main\nrefs/sync/rescue/20231114T221320Z/main");
}

BOOST_AUTO_TEST_CASE(what_a_wrong_clock_has_named_does_not_expire) {
  repo.git({"update-ref", "refs/sync/rescue/19700101T000010Z/main", second.hex()});
  repo.git({"update-ref", "refs/sync/rescue/20991231T000000Z/main", second.hex()});
  expire_rescued(repository, now);
  BOOST_TEST(rescue_refs() == "refs/sync/rescue/19700101T000010Z/main\nrefs/sync/rescue/20991231T000000Z/main");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
