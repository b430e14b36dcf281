// Fetches from a real git-upload-pack by libgit2.
#include "git/transfer.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "unit/git/here.hpp"

namespace syncmanager::git {

namespace {

using namespace syncmanager::test;

/// Something that a delta saves much of.
std::string long_text(int last) {
  std::string text;
  for (int line = 0; line < 1000; ++line) text += std::to_string(line * line) + '\n';
  return text + std::to_string(last) + '\n';
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transfer)

BOOST_AUTO_TEST_CASE(tells_how_far_objects_have_come_and_then_deltas) {
  const Library library;
  const Here here;
  const TempRepo there;
  for (int number = 0; number < 3; ++number) there.commit("text", long_text(number));
  there.git({"gc", "--quiet"});
  const TempRepo local;
  Repository repository = Repository::open(local.path()).value();
  const auto connection = here.connection();
  std::vector<Transfer> seen;
  fetch(repository, *connection, there.path().string(), {"refs/heads/main"},
        [&](const Transfer& transfer) { seen.push_back(transfer); });
  BOOST_TEST_REQUIRE(!seen.empty());
  BOOST_TEST(seen.front().total_deltas == 0U);
  BOOST_TEST(seen.back().objects == 9U);
  BOOST_TEST(seen.back().total_objects == 9U);
  BOOST_TEST(seen.back().total_deltas == 2U);
  BOOST_TEST(seen.back().deltas == 2U);
}

BOOST_AUTO_TEST_CASE(brings_what_is_parked_and_no_other_parked_ref) {
  const Library library;
  const Here here;
  const TempRepo there;
  const Oid parked = *Oid::from_hex(there.commit("f", "1"));
  there.git({"update-ref", "refs/sync/laptop/heads/main", parked.hex()});
  const Oid other = *Oid::from_hex(there.commit("f", "2"));
  there.git({"update-ref", "refs/sync/desktop/heads/main", other.hex()});
  const TempRepo local;
  Repository repository = Repository::open(local.path()).value();
  const auto connection = here.connection();
  fetch(repository, *connection, there.path().string(), {"refs/sync/laptop/heads/main"}, {});
  BOOST_TEST(repository.has(parked));
  BOOST_TEST(!repository.has(other));
  fetch(repository, *connection, there.path().string(), {"refs/sync/laptop/heads/main", "refs/sync/desktop/heads/main"},
        {});
  BOOST_TEST(repository.has(other));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
