// sync-status: how everything stands, without a connection and without a trace.
#include <filesystem>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "in_sync.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

Json status_of(const Computer& computer, const std::string& project, int status, Arguments arguments = {}) {
  const Json found = named(report_of(computer, "sync-status", status, std::move(arguments)).at("projects"), project);
  BOOST_REQUIRE(!found.is_null());
  return found;
}

std::string standing(const Json& project, const std::string& branch) {
  const Json found = named(project.at("branches"), branch);
  return found.is_null() ? "same" : found.at("standing").get<std::string>();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(status, InSync)

BOOST_AUTO_TEST_CASE(a_project_in_sync_is_told_in_one_line) {
  const Finished run = world.laptop.run("sync-status");
  expect_exit(run, 0);
  BOOST_TEST(run.out.starts_with("1 project in sync; last sync just now ("), run.out);
  BOOST_TEST(run.err == "");
  BOOST_TEST(world.laptop.run("sync-status", {"-q"}).out == "");
  const Json project = status_of(world.laptop, "notes", 0, {"-v"});
  BOOST_TEST(project.at("state") == "in-sync");
  BOOST_TEST(project.at("last_sync").at("tool") == "sync-now");
  BOOST_TEST(project.at("last_sync").at("outcome") == "ok");
  BOOST_TEST(project.at("branches").size() == 3U);
  BOOST_TEST(named(project.at("branches"), "main").at("worktree").get<std::string>().starts_with(notes.string()));
}

BOOST_AUTO_TEST_CASE(it_leaves_no_trace_and_makes_no_connection) {
  move(world.laptop, notes, "branch-1", "branch-1");
  Computer::write(notes / "new.txt", "new\n");
  std::filesystem::last_write_time(notes / ".git" / "index", std::filesystem::file_time_type::clock::now());
  const TemporaryFolder elsewhere;  // ThreadSanitizer's own file
  world.laptop.set("TMPDIR", elsewhere.path().string());
  const Snapshot before = snapshot(world.path());
  const int connections = world.server.connections();
  for (const Arguments& arguments : {Arguments{}, {"-v"}, {"--json"}, {"--rescued"}, {"-q"}}) {
    expect_exit(world.laptop.run("sync-status", arguments), 0);
  }
  BOOST_TEST(differences(before, snapshot(world.path())) == "");
  BOOST_TEST(world.server.connections() == connections);
  world.server.stop();
  BOOST_TEST(status_of(world.laptop, "notes", 0).at("state") == "pending");
}

BOOST_AUTO_TEST_CASE(every_branch_stands_as_a_run_would_see_it) {
  const std::string old = world.laptop.tip(notes, "main~1");
  for (const auto* name : {"ahead", "behind", "forked", "gone-here", "gone-there", "rewound"}) {
    world.laptop.git(notes, {"branch", name, "main"});
  }
  expect_exit(world.laptop.run("sync-push"), 0);
  move(world.laptop, notes, "ahead", "ahead");
  move(world.owner, bare, "behind", "behind");
  move(world.owner, bare, "forked", "forked");
  world.laptop.git(notes, {"worktree", "add", "--quiet", (world.laptop.home() / "forked").string(), "forked"});
  world.laptop.commit(world.laptop.home() / "forked", "mine", "mine\n");
  world.laptop.git(notes, {"branch", "-D", "gone-here"});
  world.owner.git(bare, {"branch", "-D", "gone-there"});
  world.laptop.git(notes, {"update-ref", "refs/heads/rewound", old});
  world.laptop.git(notes, {"branch", "new-here", "main"});
  world.owner.git(bare, {"branch", "new-there", "main"});

  const std::string here = world.laptop.refs(notes, "refs/heads");
  const std::string base = content_of(notes / ".git" / "syncmanager" / "origin.base");
  const std::string there = world.owner.refs(bare);
  const Json project = status_of(world.laptop, "notes", 3, {"--fetch"});
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == here);
  BOOST_TEST(content_of(notes / ".git" / "syncmanager" / "origin.base") == base);
  BOOST_TEST(world.owner.refs(bare) == there);
  BOOST_TEST(project.at("state") == "attention");
  BOOST_TEST(standing(project, "main") == "same");
  BOOST_TEST(standing(project, "forked") == "diverged");
  BOOST_TEST(standing(project, "rewound") == "rewound-here");
  for (const auto* name : {"ahead", "behind", "gone-here", "gone-there", "new-here", "new-there"}) {
    BOOST_TEST(standing(project, name) == name);
  }
  const Json forked = named(project.at("branches"), "forked");
  BOOST_TEST(forked.at("ahead") == 1);
  BOOST_TEST(forked.at("behind") == 1);
  BOOST_TEST(forked.at("worktree") == (world.laptop.home() / "forked").string());

  // A dry run says the same of every branch that needs a person.
  const Json run = report_of(world.laptop, "sync-now", 3, {"--dry-run"});
  for (const auto* name : {"forked", "rewound"}) {
    const Json told = branch_of(run, "notes", name);
    const Json known = named(project.at("branches"), name);
    for (const auto* key : {"reason", "hint"}) BOOST_TEST(known.at(key) == told.at(key), name);
    BOOST_TEST(told.at("message").get<std::string>().starts_with(known.at("message").get<std::string>()));
  }
  for (const auto* name : {"ahead", "behind", "gone-here", "gone-there", "new-here", "new-there"}) {
    const Json told = branch_of(run, "notes", name);
    for (const auto* key : {"action", "side", "old", "new"}) {
      BOOST_TEST(named(project.at("branches"), name).at(key) == told.at(key), name << ' ' << key);
    }
  }
  const Finished text = world.laptop.run("sync-status");
  expect_exit(text, 3);
  for (const auto* part : {"diverged: 1 ahead, 1 behind", "needs you:", "deleted on the server", "1 behind"}) {
    BOOST_TEST(contains(text.out, part), text.out);
  }
}

BOOST_AUTO_TEST_CASE(what_is_uncommitted_stashed_and_unfinished_is_counted) {
  Computer::write(notes / "file", "changed\n");
  world.laptop.git(notes, {"add", "file"});
  world.laptop.git(notes, {"stash", "--quiet"});
  Computer::write(notes / "file", "staged\n");
  world.laptop.git(notes, {"add", "file"});
  Computer::write(notes / "untracked", "\n");
  const auto second = world.laptop.home() / "second";
  world.laptop.git(notes, {"worktree", "add", "--quiet", "--detach", second.string(), "main"});
  const Json project = status_of(world.laptop, "notes", 0);
  BOOST_TEST(project.at("state") == "in-sync");
  BOOST_TEST(project.at("stashes") == 1);
  BOOST_REQUIRE(project.at("worktrees").size() == 2U);
  const Json changes = project.at("worktrees")[0].at("changes");
  BOOST_TEST(changes.at("staged") == 1);
  BOOST_TEST(changes.at("untracked") == 1);
  BOOST_TEST(project.at("worktrees")[1].at("branch").is_null());
  const Finished text = world.laptop.run("sync-status");
  for (const std::string& part :
       {std::string("1 staged, 1 untracked"), std::string("1 stash"), "in " + second.string() + ": HEAD is detached"}) {
    BOOST_TEST(contains(text.out, part), text.out);
  }
  world.laptop.git(notes, {"bisect", "start"});
  BOOST_TEST(status_of(world.laptop, "notes", 0).at("worktrees")[0].at("busy") == "bisect");
}

BOOST_AUTO_TEST_CASE(each_working_tree_is_told_under_its_own_folder) {
  const auto linked = world.laptop.home() / "linked";
  const auto damaged = world.laptop.home() / "damaged";
  world.laptop.git(notes, {"worktree", "add", "--quiet", linked.string(), "branch-1"});
  world.laptop.git(notes, {"worktree", "add", "--quiet", damaged.string(), "branch-2"});
  std::filesystem::remove(damaged / ".git");
  Computer::write(linked / "untracked", "\n");
  world.laptop.conf(world.section("notes") + "[git \"linked\"]\npath = ~/linked\nurl = " + world.url("notes") + "\n");
  for (const auto& [name, own] : {std::pair{"notes", notes}, std::pair{"linked", linked}}) {
    const Json trees = status_of(world.laptop, name, 0, {name}).at("worktrees");
    BOOST_REQUIRE(trees.size() == 3U);
    for (const Json& tree : trees) {
      const std::filesystem::path folder = tree.at("path").get<std::string>();
      BOOST_TEST(tree.at("own") == std::filesystem::equivalent(folder, own), tree.dump());
      BOOST_TEST(tree.at("message").is_null() == (folder != damaged), tree.dump());
      if (folder == linked) BOOST_TEST(tree.at("changes").at("untracked") == 1);
    }
    BOOST_TEST(trees[0].at("own") == true);
  }
  const std::string text = world.laptop.run("sync-status", {"notes"}).out;
  BOOST_TEST(contains(text, "in " + linked.string() + ": 1 untracked\n"), text);
  const std::string repair = "git -C " + notes.string() + " worktree repair";
  BOOST_TEST(contains(text, "in " + damaged.string() + ": git can't read it: " + repair + "\n"), text);
  world.laptop.git(notes, {"worktree", "repair"});
  BOOST_TEST(status_of(world.laptop, "notes", 0).at("worktrees")[1].at("message").is_null());
}

BOOST_AUTO_TEST_CASE(the_last_run_is_told_until_a_better_one) {
  world.server.stop();
  move(world.laptop, notes, "main", "main");
  expect_exit(world.laptop.run("sync-push", {"--timeout", "2"}), 4);
  const Finished offline = world.laptop.run("sync-status");
  expect_exit(offline, 0);
  BOOST_TEST(contains(offline.out, "last sync failed just now, offline"), offline.out);
  expect_exit(world.laptop.run("sync-status", {"--fetch", "--timeout", "2"}), 4);
  world.server.start();
  world.owner.git(bare, {"config", "receive.denyNonFastForwards", "true"});
  Computer::write(bare / "hooks" / "pre-receive", "#!/bin/sh\necho no pushes on Fridays >&2\nexit 1\n");
  std::filesystem::permissions(bare / "hooks" / "pre-receive", std::filesystem::perms::owner_all);
  expect_exit(world.laptop.run("sync-push"), 1);
  const Json failed = status_of(world.laptop, "notes", 3);
  BOOST_TEST(failed.at("last_sync").at("outcome") == "failed");
  const std::string message = failed.at("message");
  BOOST_TEST(message.starts_with("the last sync failed: main: "), message);
  BOOST_TEST(message.ends_with("; server: no pushes on Fridays"), message);
  expect_exit(world.laptop.run("sync-push", {"--dry-run"}), 0);
  BOOST_TEST(status_of(world.laptop, "notes", 3).at("last_sync").at("outcome") == "failed");
  std::filesystem::remove(bare / "hooks" / "pre-receive");
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(status_of(world.laptop, "notes", 0).at("state") == "in-sync");
}

BOOST_AUTO_TEST_CASE(what_was_in_the_way_of_a_run_is_told_until_another_run) {
  world.desktop.conf(world.section("notes"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  world.desktop.commit(world.desktop.project("notes"), "new.txt", "theirs\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  Computer::write(notes / "new.txt", "mine\n");
  expect_exit(world.laptop.run("sync-now"), 3);
  const Json left = status_of(world.laptop, "notes", 3);
  BOOST_TEST(left.at("state") == "attention");
  BOOST_TEST(left.at("message").get<std::string>().starts_with("left by the last sync: main: "), left.dump());
  std::filesystem::rename(notes / "new.txt", notes / "mine.txt");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(status_of(world.laptop, "notes", 0).at("state") == "in-sync");
}

BOOST_AUTO_TEST_CASE(what_a_run_left_ends_with_its_solution_and_hides_nothing) {
  world.laptop.git(notes, {"tag", "v1", "main"});
  world.owner.git(bare, {"tag", "v1", "main~1"});
  move(world.laptop, notes, "branch-1", "branch-1");
  move(world.owner, bare, "branch-1", "branch-1~1");
  expect_exit(world.laptop.run("sync-now"), 3);
  const std::string tag = status_of(world.laptop, "notes", 3).at("message");
  BOOST_TEST(contains(tag, "left by the last sync: v1: "), tag);
  world.laptop.git(notes, {"update-ref", "refs/heads/branch-1", "origin/branch-1"});
  BOOST_TEST(status_of(world.laptop, "notes", 3).at("message") == tag);
  world.laptop.git(notes, {"tag", "-d", "v1"});
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(status_of(world.laptop, "notes", 0).at("message").is_null());

  move(world.laptop, notes, "branch-1", "branch-1");
  const std::string theirs =
      world.owner.git(bare, {"commit-tree", "-p", "branch-1", "-m", "theirs", "branch-1^{tree}"});
  world.owner.git(bare, {"update-ref", "refs/heads/branch-1", theirs});
  expect_exit(world.laptop.run("sync-now"), 3);
  world.laptop.git(notes, {"update-ref", "refs/heads/branch-1", "origin/branch-1~1"});
  const Json solved = status_of(world.laptop, "notes", 0);
  BOOST_TEST(solved.at("state") == "pending");
  BOOST_TEST(solved.at("message").is_null());
}

BOOST_AUTO_TEST_CASE(rescued_commits_are_listed_with_the_command_that_brings_them_back) {
  BOOST_TEST(contains(world.laptop.run("sync-status", {"--rescued"}).out, "nothing is rescued"));
  const std::string lost = world.laptop.tip(notes, "branch-1");
  world.owner.git(bare, {"branch", "-D", "branch-1"});
  expect_exit(world.laptop.run("sync-pull"), 0);
  const Json rescued = status_of(world.laptop, "notes", 0).at("rescued");
  BOOST_REQUIRE(!rescued.empty());
  const std::string command = rescued[0].at("command");
  BOOST_TEST(rescued[0].at("tip") == lost);
  BOOST_TEST(contains(world.laptop.run("sync-status", {"--rescued"}).out, command));
  world.laptop.git(notes, {"branch", "branch-1", lost});
  const std::string other = status_of(world.laptop, "notes", 0).at("rescued")[0].at("command");
  BOOST_TEST(contains(other, " branch branch-1-rescued " + lost), other);
  world.laptop.git(notes, {"update-ref", "refs/sync/rescue/20260102T030405Z/branch-1", "main~1"});
  world.laptop.git(notes, {"update-ref", "refs/sync/rescue/20260102T030405Z/main/x", "main~1"});
  const Json all = status_of(world.laptop, "notes", 0).at("rescued");
  BOOST_TEST(all.size() >= 3U);
  for (const Json& one : all) {
    std::istringstream words(one.at("command").get<std::string>());  // git -C FOLDER branch NAME TIP
    std::string name;
    for (int i = 0; i < 5; ++i) words >> name;
    world.laptop.git(notes, {"branch", name, one.at("tip").get<std::string>()});
  }
}

BOOST_AUTO_TEST_CASE(one_project_that_cant_be_read_stops_no_other) {
  world.add_repository("absent");
  world.laptop.git(world.laptop.home(), {"init", "--quiet", "fresh"});
  world.laptop.git(world.laptop.home(), {"init", "--quiet", "broken"});
  Computer::write(world.laptop.project("broken") / ".git" / "config", "[broken\n");
  Computer::write(world.laptop.project("occupied") / "file", "\n");
  world.laptop.conf(world.section("notes") + world.section("absent") + world.section("fresh") +
                    world.section("broken") + world.section("occupied") +
                    world.section("source", "direction = push\n") +
                    "[unison \"docs\"]\npath = ~/docs\nurl = ssh://server//docs\n");
  const Json document = report_of(world.laptop, "sync-status", 1);
  const auto state = [&](const std::string& name) { return named(document.at("projects"), name).at("state"); };
  BOOST_TEST(state("notes") == "in-sync");
  BOOST_TEST(state("absent") == "not-cloned");
  BOOST_TEST(state("fresh") == "never-synced");
  BOOST_TEST(state("broken") == "unreadable");
  BOOST_TEST(state("occupied") == "not-cloned");
  BOOST_TEST(state("source") == "not-cloned");
  BOOST_TEST(state("docs") == "not-cloned");
  BOOST_TEST(named(document.at("projects"), "fresh").at("worktrees")[0].at("unborn") == true);
  const std::string text = world.laptop.run("sync-status").out;
  const std::string source = world.laptop.project("source").string();
  for (const std::string& part :
       {std::string("not cloned yet: sync-pull absent"), std::string("never synced: sync-now fresh"),
        std::string("can't be cloned: something else is there"), "no repository here yet: git init " + source}) {
    BOOST_TEST(contains(text, part), text);
  }
  expect_exit(world.laptop.run("sync-status", {"absent", "source"}), 0);
  expect_exit(world.laptop.run("sync-status", {"occupied"}), 1);
  BOOST_TEST(!std::filesystem::exists(world.laptop.project("absent")));
  expect_exit(world.laptop.run("sync-status", {"--fetch", "absent"}), 0);
  BOOST_TEST(!std::filesystem::exists(world.laptop.project("absent")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
