// A history of thousands of commits, and what interrupts its transfer.
#include <csignal>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

void expect_sound(const Computer& computer, const std::filesystem::path& repository) {
  BOOST_CHECK_NO_THROW(computer.git(repository, {"fsck", "--full", "--strict", "--no-dangling"}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(history)

BOOST_AUTO_TEST_CASE(clones_fetches_and_pushes_thousands_of_commits) {
  Sandbox world;
  world.add_repository("big", {.branches = 2, .commits = 2500});
  world.laptop.conf(world.section("big"));
  const auto big = world.laptop.project("big");
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "big");
  BOOST_TEST(world.laptop.git(big, {"rev-list", "--count", "--all"}) == "5001");

  add_commits(world.owner, world.bare("big"), "main", 5000);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "big");
  BOOST_TEST(world.laptop.git(big, {"status", "--porcelain"}) == "");

  add_commits(world.laptop, big, "branch-1", 5000);
  add_commits(world.laptop, big, "new", 100);
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "big");
  expect_sound(world.laptop, big);
  expect_sound(world.owner, world.bare("big"));
}

BOOST_AUTO_TEST_CASE(a_clone_that_was_killed_is_made_whole_by_the_next_run) {
  Sandbox world;
  world.add_repository("big", {.branches = 3, .commits = 500});
  world.laptop.conf(world.section("big"));
  // git on the server sends a part of the pack, says so, and goes on when it may.
  const auto reached = world.path() / "reached";
  const auto release = world.path() / "release";
  world.owner.write(world.server.home() / "slow",
                    fmt::format("#!/bin/sh\n\"$@\" | {{ head -c 20000; touch '{}'; until [ -e '{}' ]; do sleep 0.01; "
                                "done; cat; }}\n",
                                reached.string(), release.string()));
  std::filesystem::permissions(world.server.home() / "slow", std::filesystem::perms::owner_all);
  world.owner.write(world.server.home() / ".gitconfig",
                    fmt::format("[uploadpack]\n\tpackObjectsHook = {}\n", (world.server.home() / "slow").string()));
  {
    const Command command = world.laptop.command("sync-pull", {});
    Program program(command.argv, world.path() / "output", command.environment);
    wait_until([&] { return std::filesystem::exists(reached); }, "the clone is half done");
    kill(program.pid(), SIGKILL);
    BOOST_TEST(program.wait() == 128 + SIGKILL);
  }
  world.owner.write(release, "");
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "big");
  expect_sound(world.laptop, world.laptop.project("big"));
  BOOST_TEST(world.laptop.git(world.laptop.project("big"), {"status", "--porcelain"}) == "");
}

BOOST_AUTO_TEST_CASE(what_a_fetch_that_was_broken_off_has_left_is_no_branch_yet) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  world.laptop.conf(world.section("notes"));
  const auto notes = world.laptop.project("notes");
  expect_exit(world.laptop.run("sync-pull"), 0);
  add_commits(world.owner, world.bare("notes"), "main", 2);
  add_commits(world.owner, world.bare("notes"), "branch-1", 1);
  add_commits(world.owner, world.bare("notes"), "branch-2", 2);
  world.owner.git(world.bare("notes"), {"tag", "v1", "branch-2"});
  // git unpacks few objects as they come: the newest commit is there first.
  for (const std::string branch : {"main", "branch-1"}) {
    const auto commit = world.owner.git(world.bare("notes"), {"cat-file", "commit", branch}) + '\n';
    const auto id = world.laptop.git(notes, {"hash-object", "-t", "commit", "-w", "--stdin"}, commit);
    BOOST_REQUIRE(id == world.owner.tip(world.bare("notes"), branch));
  }
  expect_exit(world.laptop.run("sync-pull", {"--dry-run"}), 0);
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  expect_sound(world.laptop, notes);
  BOOST_TEST(world.laptop.git(notes, {"status", "--porcelain"}) == "");
}

BOOST_AUTO_TEST_CASE(without_the_git_program_nothing_is_half_done) {
  Sandbox world;
  world.add_repository("notes", {.branches = 2});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  add_commits(world.owner, world.bare("notes"), "main", 2);
  const auto notes = world.laptop.project("notes");
  const std::string before = world.laptop.refs(notes, "refs/heads");

  const auto programs = world.path() / "programs";
  std::filesystem::create_directory(programs);
  std::filesystem::create_symlink("/usr/bin/ssh", programs / "ssh");
  Computer without_git = world.laptop;
  without_git.set("PATH", programs.string());
  const Finished run = without_git.run("sync-pull");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out + run.err, "git"));
  BOOST_TEST(world.laptop.git(notes, {"status", "--porcelain"}) == "");
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == before);

  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
