// Two runs on one repository: the second waits for the first, or says who is in its way.
#include <chrono>
#include <string>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

/// A push that hangs in the server's hook until it is let go, and so holds the repository's lock.
struct Held {
  Sandbox world;
  std::filesystem::path reached = world.path() / "reached";
  std::filesystem::path release = world.path() / "release";
  std::unique_ptr<Program> first;

  Held() {
    world.add_repository("notes", {.branches = 2});
    world.add_repository("free");
    world.laptop.conf(world.section("notes") + world.section("free"));
    expect_exit(world.laptop.run("sync-pull"), 0);
    const auto hook = world.bare("notes") / "hooks/update";
    Computer::write(hook, fmt::format("#!/bin/sh\ntouch '{}'\nuntil [ -e '{}' ]; do sleep 0.01; done\n",
                                      reached.string(), release.string()));
    std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
    world.laptop.commit(world.laptop.project("notes"), "a.txt", "a\n");
    const Command command = world.laptop.command("sync-push", {"notes"});
    first = std::make_unique<Program>(command.argv, world.path() / "first", command.environment);
    wait_until([&] { return std::filesystem::exists(reached); }, "the first run pushes");
  }

  ~Held() {
    Computer::write(release, "");
    first->wait();
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(locks, Held)

BOOST_AUTO_TEST_CASE(a_second_run_gives_up_and_names_the_holder) {
  const Finished run = world.laptop.run("sync-pull", {"--lock-timeout", "1"});
  expect_exit(run, 6);
  BOOST_TEST_CONTEXT(run.out << run.err) {
    BOOST_TEST(contains(run.out + run.err, fmt::format("process {}", first->pid())));
  }
  const Json document = report_of(world.laptop, "sync-pull", 6, {"--lock-timeout", "0"});
  BOOST_TEST(named(document.at("projects"), "notes").at("outcome") == "locked");
  BOOST_TEST(named(document.at("projects"), "free").at("outcome") == "ok");
}

BOOST_AUTO_TEST_CASE(a_second_run_waits_for_the_first) {
  const Command command = world.laptop.command("sync-pull", {"--lock-timeout", "60"});
  Program second(command.argv, world.path() / "second", command.environment);
  Computer::write(release, "");
  BOOST_TEST(second.wait() == 0, content_of(world.path() / "second"));
  BOOST_TEST(first->wait() == 0, content_of(world.path() / "first"));
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_tool_that_asks_no_server_waits_as_long_as_is_asked_for) {
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string tool : {"sync-undo", "sync-setconf"}) {
    expect_exit(world.laptop.run(tool, {"--lock-timeout", "0"}), 6);
  }
  expect_exit(world.laptop.run("sync-delete", {"--lock-timeout", "0", "-p", "notes", "branch-1"}), 6);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)));
}

BOOST_AUTO_TEST_CASE(another_path_to_the_same_repository_is_the_same_lock) {
  const auto linked = world.laptop.project("linked");
  world.laptop.git(world.laptop.project("notes"), {"worktree", "add", "--quiet", linked.string(), "branch-1"});
  world.laptop.conf(fmt::format("[git \"linked\"]\npath = {}\nurl = {}\n", linked.string(), world.url("notes")));
  expect_exit(world.laptop.run("sync-pull", {"--lock-timeout", "0"}), 6);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
