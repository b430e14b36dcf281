// sync-setconf: what the conf files say about a repository, applied to it; conf files checked and imported.
#include <string>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

BOOST_AUTO_TEST_SUITE(setconf)

BOOST_AUTO_TEST_CASE(sets_identity_remote_and_upstreams) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  const auto notes = world.laptop.project("notes");
  world.laptop.git(world.laptop.home(), {"clone", "--quiet", world.bare("notes").string(), notes.string()});
  world.laptop.git(notes, {"branch", "--no-track", "branch-1", "origin/branch-1"});
  world.laptop.conf(fmt::format("[git]\n~/notes origin|{} \"Jane Roe\" roe@example.org\n", world.url("notes")));
  expect_exit(world.laptop.run("sync-setconf"), 0);
  BOOST_TEST(world.laptop.git(notes, {"config", "user.name"}) == "Jane Roe");
  BOOST_TEST(world.laptop.git(notes, {"config", "user.email"}) == "roe@example.org");
  BOOST_TEST(world.laptop.git(notes, {"remote", "get-url", "origin"}) == world.url("notes"));
  BOOST_TEST(world.laptop.git(notes, {"rev-parse", "--abbrev-ref", "branch-1@{upstream}"}) == "origin/branch-1");

  const Snapshot before = snapshot(notes / ".git");
  expect_exit(world.laptop.run("sync-setconf"), 0);
  BOOST_TEST(differences(before, snapshot(notes / ".git")) == "");
}

BOOST_AUTO_TEST_CASE(check_names_what_is_wrong_and_syncs_nothing) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-setconf", {"--check"}), 0);
  world.laptop.conf("[git \"bad\"]\npath = ~/bad\nurl = ext::sh\n", "bad.conf");
  const Finished run = world.laptop.run("sync-setconf", {"--check"});
  expect_exit(run, 2);
  BOOST_TEST(contains(run.out + run.err, "bad.conf:3"));
  BOOST_TEST(!std::filesystem::exists(world.laptop.project("notes")));
  BOOST_TEST(world.server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(check_reads_what_no_environment_selects_and_does_not_complain_of_that) {
  Sandbox world;
  world.laptop.conf(world.section("notes", "env = work\n"));
  const Finished check = world.laptop.run("sync-setconf", {"--check"});
  expect_exit(check, 0);
  BOOST_TEST(check.out == "1 project, no problems\n");
  BOOST_TEST(check.err == "");
  const Finished apply = world.laptop.run("sync-setconf");
  BOOST_TEST(contains(apply.err, "none of the projects in the conf files is selected"));
}

BOOST_AUTO_TEST_CASE(imports_a_file_of_the_old_format) {
  Sandbox world;
  world.add_repository("notes", {.branches = 2});
  const auto old = world.path() / "old.conf";
  Computer::write(old,
                  fmt::format("# my projects\n[git]\n~/notes {} \"Jane Doe\" jane@example.org\n", world.url("notes")));
  const Finished run = world.laptop.run("sync-setconf", {"--import", old.string()});
  expect_exit(run, 0);
  world.laptop.conf(run.out);
  expect_exit(world.laptop.run("sync-setconf", {"--check"}), 0);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
