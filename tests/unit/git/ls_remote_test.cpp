#include "git/ls_remote.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace syncmanager::git {

namespace {

const std::string a(40, 'a');
const std::string b(40, 'b');

std::string names_of(const RefMap& refs) {
  std::string names;
  for (const auto& [name, tip] : refs) names += name + "=" + tip.hex().substr(0, 1) + " ";
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ls_remote)

BOOST_AUTO_TEST_CASE(reads_head_branches_and_tags) {
  const Listing listing =
      parse_ls_remote("ref: refs/heads/main\tHEAD\n" + a + "\tHEAD\n" + a + "\trefs/heads/main\n" + b +
                      "\trefs/heads/x/y\n" + b + "\trefs/tags/v1\n" + a + "\trefs/tags/v1^{}\n");
  BOOST_TEST((listing.state == Listing::State::found));
  BOOST_TEST(listing.head == "main");
  BOOST_TEST(names_of(listing.branches) == "main=a x/y=b ");
  BOOST_TEST(names_of(listing.tags) == "v1=b ");
}

BOOST_AUTO_TEST_CASE(passes_over_refs_whose_end_alone_matches_what_was_asked_for) {
  const Listing listing =
      parse_ls_remote("ref: refs/heads/main\trefs/remotes/origin/HEAD\nref: refs/heads/x\trefs/heads/alias\n" + a +
                      "\trefs/x/refs/heads/y\n" + a + "\trefs/heads/HEAD\n" + a + "\trefs/heads/alias\n");
  BOOST_TEST(listing.head == "");
  BOOST_TEST(names_of(listing.branches) == "HEAD=a alias=a ");
}

BOOST_AUTO_TEST_CASE(an_empty_repository_has_nothing) {
  const Listing listing = parse_ls_remote("");
  BOOST_TEST((listing.state == Listing::State::found));
  BOOST_TEST((listing.branches.empty() && listing.tags.empty() && listing.head.empty()));
}

BOOST_AUTO_TEST_CASE(a_line_that_is_none_fails_the_whole_listing) {
  for (const std::string& line : {std::string("warning: something"), a + " refs/heads/x", "g" + a + "\trefs/heads/x",
                                  std::string(63, 'a') + "\trefs/heads/x", std::string("\trefs/heads/x")}) {
    BOOST_TEST_CONTEXT(line) {
      BOOST_CHECK_THROW(parse_ls_remote(a + "\trefs/heads/main\n" + line + "\n"), Error);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
