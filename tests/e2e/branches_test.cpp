// All branches and tags, both ways, between computers and the server.
#include <filesystem>
#include <set>
#include <string>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

BOOST_AUTO_TEST_SUITE(branches)

BOOST_AUTO_TEST_CASE(carries_all_branches_both_ways_with_a_conf_file_of_the_old_program) {
  Sandbox world;
  world.add_repository("notes", {.branches = 5, .commits = 3});
  const std::string conf = fmt::format("[git]\n~/notes\torigin|{} \"Jane Doe\" jane@example.org\n", world.url("notes"));
  world.laptop.conf(conf);
  world.desktop.conf(conf);

  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_exit(world.desktop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  expect_equal_refs(world, world.desktop, "notes");

  const auto notes = world.laptop.project("notes");
  world.laptop.commit(notes, "main.txt", "on main\n");
  world.laptop.git(notes, {"switch", "--quiet", "branch-2"});
  world.laptop.commit(notes, "two.txt", "on branch-2\n");
  world.laptop.git(notes, {"switch", "--quiet", "--create", "topic/new"});
  world.laptop.commit(notes, "new.txt", "on a new branch\n");
  world.laptop.git(notes, {"tag", "--annotate", "--message", "the first", "v1"});
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");

  expect_exit(world.desktop.run("sync-pull"), 0);
  expect_equal_refs(world, world.desktop, "notes");
  BOOST_TEST(content_of(world.desktop.project("notes") / "main.txt") == "on main\n");

  world.desktop.commit(world.desktop.project("notes"), "main.txt", "and back\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(sync_now_pulls_and_pushes_in_one_run) {
  Sandbox world;
  world.add_repository("notes", {.branches = 2});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-now"), 0);
  const auto notes = world.laptop.project("notes");
  const std::string here = world.laptop.commit(notes, "here.txt", "from here\n");
  const std::string there =
      world.owner.git(world.bare("notes"), {"commit-tree", "-p", "branch-1", "-m", "from there", "branch-1^{tree}"});
  world.owner.git(world.bare("notes"), {"update-ref", "refs/heads/branch-1", there});

  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/branch-1") == there);
  BOOST_TEST(world.owner.tip(world.bare("notes"), "refs/heads/main") == here);
}

BOOST_AUTO_TEST_CASE(clones_with_the_default_branch_checked_out_and_upstreams_set) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  world.owner.git(world.bare("notes"), {"symbolic-ref", "HEAD", "refs/heads/branch-1"});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);

  const auto notes = world.laptop.project("notes");
  BOOST_TEST(world.laptop.git(notes, {"symbolic-ref", "HEAD"}) == "refs/heads/branch-1");
  BOOST_TEST(world.laptop.git(notes, {"status", "--porcelain"}) == "");
  BOOST_TEST(world.laptop.git(notes, {"symbolic-ref", "refs/remotes/origin/HEAD"}) == "refs/remotes/origin/branch-1");
  BOOST_TEST(world.laptop.git(notes, {"for-each-ref", "--format=%(refname) %(upstream)", "refs/heads"}) ==
             "refs/heads/branch-1 refs/remotes/origin/branch-1\n"
             "refs/heads/branch-2 refs/remotes/origin/branch-2\n"
             "refs/heads/main refs/remotes/origin/main");
}

BOOST_AUTO_TEST_CASE(a_branch_gets_its_upstream_later_where_the_settings_were_locked) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto notes = world.laptop.project("notes");
  world.owner.git(world.bare("notes"), {"branch", "topic", "main"});
  Computer::write(notes / ".git/config.lock", "");
  expect_exit(world.laptop.run("sync-pull"), 6);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/topic") != "");
  std::filesystem::remove(notes / ".git/config.lock");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(world.laptop.git(notes, {"rev-parse", "--abbrev-ref", "topic@{upstream}"}) == "origin/topic");
}

BOOST_AUTO_TEST_CASE(makes_the_refs_of_a_clone_as_git_does) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  world.owner.git(world.bare("notes"), {"tag", "--annotate", "--message", "x", "v1", "branch-1"});
  world.owner.git(world.bare("notes"), {"tag", "v2", "branch-2"});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");

  const auto notes = world.laptop.project("notes");
  const auto logs = [&] {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(notes / ".git/logs")) {
      if (entry.is_regular_file()) found.insert(entry.path().lexically_relative(notes / ".git/logs"));
    }
    return found;
  };
  BOOST_TEST(logs() == (std::set<std::string>{"HEAD", "refs/heads/main"}), boost::test_tools::per_element());
  const auto packed = notes / ".git/packed-refs";
  BOOST_TEST(contains(content_of(packed), " refs/tags/v1\n^" + world.owner.tip(world.bare("notes"), "v1^{commit}")));
  // What a person does next is logged.
  world.laptop.git(notes, {"switch", "--quiet", "branch-1"});
  world.laptop.commit(notes, "a.txt", "a\n");
  BOOST_TEST(logs().contains("refs/heads/branch-1"));
}

BOOST_AUTO_TEST_CASE(keeps_remote_tracking_refs_and_the_remote_head_up_to_date) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto notes = world.laptop.project("notes");
  world.laptop.git(notes, {"switch", "--quiet", "--create", "new"});
  const std::string tip = world.laptop.commit(notes, "new.txt", "new\n");
  expect_exit(world.laptop.run("sync-push"), 0);

  BOOST_TEST(world.laptop.tip(notes, "refs/remotes/origin/new") == tip);
  BOOST_TEST(world.laptop.git(notes, {"rev-parse", "--abbrev-ref", "new@{upstream}"}) == "origin/new");
  BOOST_TEST(world.laptop.git(notes, {"config", "--get-all", "branch.new.merge"}) == "refs/heads/new");
  BOOST_TEST(world.laptop.git(notes, {"symbolic-ref", "refs/remotes/origin/HEAD"}) == "refs/remotes/origin/main");
}

BOOST_AUTO_TEST_CASE(tags_travel_both_ways_and_never_move) {
  Sandbox world;
  world.add_repository("notes");
  world.owner.git(world.bare("notes"), {"tag", "there", "main"});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto notes = world.laptop.project("notes");
  world.laptop.commit(notes, "a.txt", "a\n");
  world.laptop.git(notes, {"tag", "here"});
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");

  world.laptop.git(notes, {"tag", "--force", "there", "HEAD"});
  const std::string before = world.owner.refs(world.bare("notes"));
  for (const auto* const tool : {"sync-push", "sync-pull"}) {
    const Json document = report_of(world.laptop, tool, 3);
    const Json tag = named(named(document.at("projects"), "notes").at("tags"), "there");
    BOOST_REQUIRE(!tag.is_null());
    BOOST_TEST(tag.at("outcome") == "attention");
  }
  BOOST_TEST(world.owner.refs(world.bare("notes")) == before);
  BOOST_TEST(world.laptop.tip(notes, "refs/tags/there") == world.laptop.tip(notes, "HEAD"));
}

BOOST_AUTO_TEST_CASE(the_servers_counting_is_not_taken_for_words) {
  Sandbox world;
  world.add_repository("notes");
  world.owner.git(world.bare("notes"), {"config", "receive.unpackLimit", "1"});  // few objects count as many
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto notes = world.laptop.project("notes");
  const auto server_words = [&] {
    std::string lines;
    for (int i = 0; i < 1000; ++i) lines += fmt::format("line {} of many\n", i);
    for (const auto* const last : {"one\n", "two\n"}) world.laptop.commit(notes, "long.txt", lines += last);
    return named(report_of(world.laptop, "sync-push", 0).at("projects"), "notes").at("server_words");
  };
  BOOST_TEST(server_words().is_null());
  const auto hook = notes / ".git/hooks/pre-push";  // then git pushes
  Computer::write(hook, "#!/bin/sh\n");
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  BOOST_TEST(server_words().is_null());
}

BOOST_AUTO_TEST_CASE(an_alias_is_sent_as_a_branch_and_moves_here_only_with_the_branch_that_it_stands_for) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  world.desktop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto notes = world.laptop.project("notes");
  world.laptop.git(notes, {"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  world.laptop.commit(notes, "a.txt", "a\n");
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");

  // Both move, as on a server where it is an alias too; the second name comes first in the alphabet.
  expect_exit(world.desktop.run("sync-pull"), 0);
  const auto there = world.desktop.project("notes");
  world.desktop.commit(there, "b.txt", "b\n");
  world.desktop.git(there, {"branch", "--force", "alias", "main"});
  expect_exit(world.desktop.run("sync-push"), 0);
  expect_exit(world.laptop.run("sync-now", {"--dry-run"}), 0);
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_TEST(world.laptop.git(notes, {"symbolic-ref", "refs/heads/alias"}) == "refs/heads/main");

  world.desktop.git(there, {"switch", "--quiet", "alias"});
  world.desktop.commit(there, "c.txt", "c\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  const std::string before = world.laptop.refs(notes, "refs/heads");
  const Json alias = branch_of(report_of(world.laptop, "sync-now", 3), "notes", "alias");
  BOOST_TEST(alias.at("outcome") == "attention");
  BOOST_TEST(alias.at("reason") == "alias");
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == before);
}

BOOST_AUTO_TEST_CASE(a_server_may_be_a_folder_of_this_computer) {
  Sandbox world;
  for (const auto* const prefix : {"", "file://"}) {
    const std::string name = std::string(prefix).empty() ? "path" : "file";
    world.add_repository(name, {.branches = 3});
    world.laptop.conf(
        fmt::format("[git \"{0}\"]\npath = ~/{0}\nurl = {1}{2}\n", name, prefix, world.bare(name).string()));
    expect_exit(world.laptop.run("sync-pull"), 0);
    expect_equal_refs(world, world.laptop, name);
    world.laptop.commit(world.laptop.project(name), "a.txt", "a\n");
    world.laptop.git(world.laptop.project(name), {"branch", "new"});
    expect_exit(world.laptop.run("sync-push"), 0);
    expect_equal_refs(world, world.laptop, name);
  }
  BOOST_TEST(world.server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(paths_of_300_characters_work_here_and_there) {
  Sandbox world;
  const std::string part(100, 'p');
  const std::string path = part + '/' + part + '/' + part;
  std::filesystem::create_directories(world.bare(path).parent_path());
  world.add_repository(path, {.branches = 3});
  world.laptop.conf(fmt::format("[git \"long\"]\npath = ~/{}\nurl = {}\n", path, world.url(path)));
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, path);
  world.laptop.commit(world.laptop.project(path), "a.txt", "a\n");
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, path);
}

BOOST_AUTO_TEST_CASE(two_paths_to_one_repository_take_turns) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  std::filesystem::create_directory_symlink(world.laptop.project("notes"), world.laptop.project("link"));
  world.laptop.conf(world.section("notes") +
                    fmt::format("[git \"link\"]\npath = ~/link\nurl = {}\n", world.url("notes")));
  world.laptop.commit(world.laptop.project("notes"), "a.txt", "a\n");
  expect_exit(world.laptop.run("sync-now", {"--jobs", "4"}), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(push_makes_a_missing_repository_where_the_conf_file_asks_for_it) {
  Sandbox world;
  const auto notes = world.laptop.project("notes");
  world.laptop.git(world.laptop.home(), {"init", "--quiet", notes.string()});
  world.laptop.commit(notes, "a.txt", "a\n");
  world.laptop.git(notes, {"branch", "other"});

  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-push"), 1);
  BOOST_TEST(!std::filesystem::exists(world.bare("notes")));

  world.laptop.conf(world.section("notes", "create = yes\n"));
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_TEST(world.owner.git(world.bare("notes"), {"rev-parse", "--is-bare-repository"}) == "true");
}

BOOST_AUTO_TEST_CASE(a_push_of_one_project_asks_the_server_nothing_before) {
  const std::string log = "\"$HOME\"/commands";
  Sandbox world({.host_keys = {"ed25519"},
                 .lines = {},
                 .force_command = "printf '%.16s\\n' \"$SSH_ORIGINAL_COMMAND\" >>" + log +
                                  "; exec sh -c \"$SSH_ORIGINAL_COMMAND\""});
  const auto commands = [&] {
    const std::filesystem::path file = world.server.home() / "commands";
    std::string seen = content_of(file);
    std::filesystem::remove(file);
    return seen;
  };
  world.add_repository("notes", {.branches = 2});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto notes = world.laptop.project("notes");
  commands();

  world.laptop.commit(notes, "a.txt", "a\n");
  world.laptop.git(notes, {"branch", "new", "branch-1"});
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(commands() == "git-receive-pack\n");
  expect_equal_refs(world, world.laptop, "notes");

  BOOST_TEST(contains(world.laptop.run("sync-push").out, "1 project in sync"));
  BOOST_TEST(commands() == "git-receive-pack\n");

  std::filesystem::rename(world.bare("notes"), world.bare("moved"));
  const Finished run = world.laptop.run("sync-push");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "there is no repository " + world.url("notes")), run.out);
  BOOST_TEST(contains(run.out, "correct the url, or set create = yes"), run.out);

  world.laptop.conf(world.section("notes", "create = yes\n"));
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_push_of_one_project_to_a_server_that_lets_nobody_write_fails_where_it_has_something_to_push) {
  Sandbox world({.host_keys = {"ed25519"},
                 .lines = {},
                 .force_command = "case $SSH_ORIGINAL_COMMAND in git-receive-pack*) echo read-only >&2; exit 1;; esac; "
                                  "exec sh -c \"$SSH_ORIGINAL_COMMAND\""});
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_exit(world.laptop.run("sync-push"), 0);
  world.laptop.commit(world.laptop.project("notes"), "a.txt", "a\n");
  const Finished run = world.laptop.run("sync-push");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "the server says: read-only"), run.out);
}

BOOST_AUTO_TEST_CASE(branches_that_a_server_hides_from_pushes_are_not_gone) {
  Sandbox world;
  for (const std::string name : {"notes", "other"}) {
    world.add_repository(name, {.branches = 3});
    world.owner.git(world.bare(name), {"config", "receive.hideRefs", "refs/heads/branch-1"});
  }
  world.laptop.conf(world.section("notes") + world.section("other"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  for (const std::string name : {"notes", "other"}) world.laptop.commit(world.laptop.project(name), "a.txt", "a\n");
  expect_exit(world.laptop.run("sync-push", {"notes"}), 0);
  expect_exit(world.laptop.run("sync-push"), 0);
  for (const std::string name : {"notes", "other"}) {
    expect_equal_refs(world, world.laptop, name);
    BOOST_TEST(world.laptop.tip(world.laptop.project(name), "refs/remotes/origin/branch-1") ==
               world.owner.tip(world.bare(name), "refs/heads/branch-1"));
  }
}

BOOST_AUTO_TEST_CASE(a_branch_that_a_server_hides_and_that_has_moved_here_is_refused_by_the_server) {
  for (const std::string setting : {"receive.hideRefs", "transfer.hideRefs"}) {
    BOOST_TEST_CONTEXT(setting) {
      Sandbox world;
      for (const std::string name : {"notes", "other"}) {
        world.add_repository(name, {.branches = 2});
        world.laptop.conf(world.section("notes") + world.section("other"));
      }
      expect_exit(world.laptop.run("sync-pull"), 0);
      for (const std::string name : {"notes", "other"}) {
        world.owner.git(world.bare(name), {"config", setting, "refs/heads/branch-1"});
        world.laptop.git(world.laptop.project(name), {"switch", "--quiet", "branch-1"});
        world.laptop.commit(world.laptop.project(name), "a.txt", "a\n");
      }
      const auto expect_refused = [](const Json& document, const std::string& name) {
        const Json branch = branch_of(document, name, "branch-1");
        BOOST_TEST(branch.at("reason") == "rejected");
        BOOST_TEST(contains(branch.at("message").get<std::string>(), "deny updating a hidden ref"), branch.dump());
      };
      expect_refused(report_of(world.laptop, "sync-push", 1, {"notes"}), "notes");
      const Json both = report_of(world.laptop, "sync-push", 1);
      for (const std::string name : {"notes", "other"}) expect_refused(both, name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
