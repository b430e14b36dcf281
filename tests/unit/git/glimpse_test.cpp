#include "git/glimpse.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace syncmanager::git {

namespace {

using Lines = std::vector<std::string>;

const std::string a(40, 'a');
const std::string b(40, 'b');
const Lines two = {"/srv/a.git", "/srv/b.git"};
const Lines heads = {"/srv/a.git/HEAD:ref: refs/heads/main", "/srv/b.git/HEAD:ref: refs/heads/main"};

struct Given {
  Lines loose = {};
  Lines packed = {};
  int loose_status = 0;
  int packed_status = 0;
  Lines folders = two;
};

/// With a HEAD for each of the two folders.
Glimpses glimpses(const Given& given) {
  Glimpses result(given.folders);
  for (const std::string& line : given.loose) result.take_loose(line);
  for (const std::string& line : heads) result.take_loose(line);
  result.end_loose(given.loose_status);
  for (const std::string& line : given.packed) result.take_packed(line);
  result.end_packed(given.packed_status);
  return result;
}

/// The two folders' refs as text: `main=a topic=b`, tags with a `tag:` before; `odd` where git must be asked.
std::string told(const Glimpses& seen, const std::string& folder) {
  const auto listing = seen.of(folder);
  if (!listing) return "odd";
  std::string text;
  const auto add = [&](const RefMap& refs, const std::string& prefix) {
    for (const auto& [name, tip] : refs) {
      text += (text.empty() ? "" : " ") + prefix + name + '=' + tip.hex().front();
    }
  };
  add(listing->branches, "");
  add(listing->tags, "tag:");
  return text;
}

std::string told_both(const Given& given) {
  const Glimpses seen = glimpses(given);
  return told(seen, "/srv/a.git") + " | " + told(seen, "/srv/b.git");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(glimpse)

BOOST_AUTO_TEST_CASE(puts_loose_refs_over_packed_ones) {
  const Given given = {.loose = {"/srv/a.git/refs/heads/main:" + b, "/srv/a.git/refs/heads/x/y:" + b,
                                 "/srv/b.git/refs/tags/v1:" + a, "/srv/b.git/refs/heads/refs/heads/HEAD:" + b},
                       .packed = {"/srv/a.git/packed-refs:" + a + " refs/heads/main",
                                  "/srv/a.git/packed-refs:" + a + " refs/heads/packed-refs",
                                  "/srv/a.git/packed-refs:" + a + " refs/remotes/origin/main",
                                  "/srv/a.git/packed-refs:" + a + " refs/tags/v1"}};
  BOOST_TEST(told_both(given) == "main=b packed-refs=a x/y=b tag:v1=a | refs/heads/HEAD=b tag:v1=a");
  BOOST_TEST(glimpses(given).of("/srv/a.git")->head == "main");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_not_just_right_is_odd_for_its_repository_alone) {
  const std::string file = "/srv/a.git/refs/heads/x";
  const Lines odd_files = {file,
                           file + ":",
                           file + ":ref: refs/heads/main",
                           file + ":" + a + "\r",
                           file + ":" + a + " ",
                           file + ":" + a.substr(1),
                           file + ":" + std::string(40, '0'),
                           file + ":" + std::string(40, 'A'),
                           file + ".lock:" + a,
                           file + "/.y:" + a,
                           file + "..y:" + a,
                           file + "\x01:" + a,
                           file + ":x:" + a,
                           "/srv/a.git/refs/heads",
                           "/srv/a.git/refs/heads:" + a,
                           "/srv/a.git/refs/heads/:" + a,
                           "/srv/a.git/HEAD",
                           "/srv/a.git/HEAD:",
                           "/srv/a.git/HEAD:ref: refs/heads/other",  // HEAD has changed in between
                           "/srv/a.git/HEAD:ref: refs/heads/.invalid",
                           "/srv/a.git/HEAD:ref: refs/tags/v1",
                           "/srv/a.git/packed-refs:" + a + " refs/heads/main"};
  for (const std::string& line : odd_files) BOOST_TEST(told_both({.loose = {line}}) == "odd | ", line);
  const std::string packed = "/srv/a.git/packed-refs:";
  const Lines odd_entries = {packed,
                             packed + "# comment",
                             packed + "^" + a + "x",
                             packed + a,
                             packed + a + " ",
                             packed + a + "  refs/heads/x",
                             packed + a + " refs/heads/x\r",
                             packed + a + " refs/heads/x y",
                             packed + a + " refs/heads/.x",
                             packed + a + " heads/x",
                             packed + a + " refs/heads",
                             packed + a + " refs/remotes/o/x\r",
                             packed + std::string(40, '0') + " refs/heads/x",
                             packed + a.substr(1) + " refs/heads/x",
                             "/srv/a.git/packed-refs",
                             file + ":" + a};
  for (const std::string& line : odd_entries) BOOST_TEST(told_both({.packed = {line}}) == "odd | ", line);
}

BOOST_AUTO_TEST_CASE(the_same_ref_twice_is_odd_where_it_differs) {
  const std::string file = "/srv/a.git/refs/heads/x:";
  const std::string packed = "/srv/a.git/packed-refs:";
  BOOST_TEST(told_both({.loose = {file + a, file + a}}) == "x=a | ");
  BOOST_TEST(told_both({.loose = {file + a, file + b}}) == "odd | ");
  BOOST_TEST(told_both({.packed = {packed + a + " refs/tags/x", packed + b + " refs/tags/x"}}) == "odd | ");
}

BOOST_AUTO_TEST_CASE(a_message_is_odd_for_the_repository_that_it_names_and_else_for_all) {
  struct Row {
    std::string line;
    std::string loose;
    std::string packed;
  };
  const std::vector<Row> rows = {
      {"find: '/srv/a.git/refs/heads/x': Permission denied", "odd | ", "odd | "},
      {"find: /srv/a.git/refs/tags: No such file or directory", "odd | ", "odd | "},
      {"grep: /srv/b.git/packed-refs: Permission denied", " | odd", " | odd"},
      {"Binary file /srv/b.git/refs/heads/x matches", " | odd", " | odd"},
      {"grep: /srv/b.git/HEAD: binary file matches", " | odd", " | odd"},
      {"find: 'grep': No such file or directory", "odd | odd", "odd | odd"},
      {"find: '/srv/it'\\''s/srv/a.git/refs/heads/x': Permission denied", "odd | odd", "odd | odd"},
      {"grep: /srv/c.git/packed-refs: Permission denied", "odd | odd", "odd | odd"},
      {"sh: 1: find: not found", "odd | odd", "odd | odd"},
      {"/srv/a.git/refs/heads/xgrep: /srv/b.git/packed-refs: Permission denied", "odd | odd", "odd | odd"},
      {"/srvgrep: /srv/b.git/packed-refs: Permission denied", "odd | odd", "odd | odd"},
      {"/srv/c.git/refs/heads/x:" + a, "odd | odd", "odd | odd"},
      {"ab:" + a, "odd | odd", "odd | odd"},
      {"", "odd | odd", "odd | odd"},
      {"Killed", "odd | odd", "odd | odd"},
  };
  for (const Row& row : rows) {
    BOOST_TEST(told_both({.loose = {row.line}, .loose_status = 1}) == row.loose, row.line);
    BOOST_TEST(told_both({.packed = {row.line}, .packed_status = 2}) == row.packed, row.line);
  }
}

BOOST_AUTO_TEST_CASE(a_failure_that_no_message_explains_is_odd_for_all) {
  const std::string message = "grep: /srv/a.git/refs/heads/x: Permission denied";
  BOOST_TEST(told_both({.loose_status = 1}) == "odd | odd");
  BOOST_TEST(told_both({.loose = {message}, .loose_status = 1}) == "odd | ");
  BOOST_TEST(told_both({.loose = {message}, .loose_status = 0}) == "odd | ");
  BOOST_TEST(told_both({.packed_status = 1}) == " | ");  // nothing of interest in there
  BOOST_TEST(told_both({.packed_status = 2}) == "odd | odd");
  BOOST_TEST(told_both({.loose = {message}, .packed_status = 2}) == "odd | odd");
  BOOST_TEST(told_both({.packed = {message}, .packed_status = 2}) == "odd | ");
  BOOST_TEST(told_both({.packed = {message}, .packed_status = 137}) == "odd | odd");
}

BOOST_AUTO_TEST_CASE(a_repository_without_its_head_is_odd) {
  Glimpses seen({"/srv/a.git"});
  seen.take_loose("/srv/a.git/refs/heads/main:" + a);
  seen.end_loose(0);
  seen.end_packed(0);
  BOOST_TEST(told(seen, "/srv/a.git") == "odd");
  BOOST_TEST(told(seen, "/srv/c.git") == "odd");
}

BOOST_AUTO_TEST_CASE(a_detached_head_names_no_branch) {
  Glimpses seen({"./a b:c"});
  seen.take_loose("./a b:c/HEAD:" + a);
  seen.end_loose(0);
  seen.end_packed(1);
  BOOST_TEST_REQUIRE(seen.of("./a b:c").has_value());
  BOOST_TEST(seen.of("./a b:c")->head == "");
}

BOOST_AUTO_TEST_CASE(folders_may_have_names_like_refs) {
  const Lines folders = {"/srv/packed-refs:/x", "/srv/a//.git", "/srv/refs/heads/x:y/.git"};
  Glimpses seen(folders);
  for (const std::string& folder : folders) {
    seen.take_loose(folder + "/refs/heads/main:" + a);
    seen.take_loose(folder + "/HEAD:ref: refs/heads/main");
  }
  seen.end_loose(0);
  for (const std::string& folder : folders) seen.take_packed(folder + "/packed-refs:" + b + " refs/tags/v1");
  seen.end_packed(0);
  for (const std::string& folder : folders) BOOST_TEST(told(seen, folder) == "main=a tag:v1=b", folder);
}

BOOST_AUTO_TEST_CASE(a_repository_among_anothers_refs_makes_all_odd) {
  BOOST_TEST(told_both({.folders = {"/srv/a.git", "/srv/b.git", "/srv/a.git/refs/heads/x"}}) == "odd | odd");
  BOOST_TEST(told_both({.folders = {"/srv/a.git", "/srv/b.git", "/srv/a.git/x"}}) == " | ");
}

BOOST_AUTO_TEST_CASE(more_than_can_be_kept_is_odd) {
  const std::string name(1000, 'x');
  Lines lines;
  for (int number = 0; number < 40'000; ++number) {
    lines.push_back("/srv/a.git/refs/heads/" + name + std::to_string(number) + ':' + a);
  }
  BOOST_TEST(told_both({.loose = lines}) == "odd | odd");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
