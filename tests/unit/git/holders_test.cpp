#include "git/holders.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

Oid oid(const std::string& hex) {
  return *Oid::from_hex(hex);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(holders)

BOOST_AUTO_TEST_CASE(finds_the_branches_and_tags_that_contain_commits) {
  const Library library;
  const test::TempRepo repo;
  const Oid first = oid(repo.commit("f", "1"));
  repo.git({"switch", "--quiet", "--create", "side"});
  const Oid side = oid(repo.commit("g", "1"));
  repo.git({"tag", "-a", "-m", "x", "v1"});
  repo.git({"switch", "--quiet", "main"});
  repo.git({"branch", "--quiet", "--delete", "--force", "side"});
  const Oid second = oid(repo.commit("f", "2"));
  const Oid lost = oid(repo.git({"commit-tree", "-m", "x", "-p", "main", "HEAD^{tree}"}));
  repo.git({"update-ref", "refs/remotes/origin/lost", lost.hex()});
  repo.git({"tag", "tree", "HEAD^{tree}"});
  repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  const Oid absent = oid(std::string(40, '1'));
  const auto found = holders_of(*Repository::open(repo.path()), {first, side, second, lost, absent});
  BOOST_TEST(found.size() == 3U);
  BOOST_TEST((found.at(first).name == "refs/heads/main" || found.at(first).name == "refs/tags/v1"));
  BOOST_TEST(found.at(side).name == "refs/tags/v1");
  BOOST_TEST(found.at(side).tip.hex() == repo.git({"rev-parse", "v1"}));
  BOOST_TEST(found.at(second).name == "refs/heads/main");
  BOOST_TEST((found.at(second).tip == second));
}

BOOST_AUTO_TEST_CASE(a_shallow_clone_has_holders_too) {
  const Library library;
  const test::TempRepo repo;
  repo.commit("f", "1");
  const Oid second = oid(repo.commit("f", "2"));
  const test::TemporaryFolder folder;
  const std::string clone = (folder.path() / "clone").string();
  repo.git({"clone", "--quiet", "--depth=1", "file://" + repo.path().string(), clone});
  const Oid absent = oid(std::string(40, '1'));
  const auto found = holders_of(*Repository::open(clone), {second, absent});
  BOOST_TEST(found.size() == 1U);
  BOOST_TEST(found.contains(second));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
