// Runs that change nothing really change nothing, and the JSON document is what the manual says.
#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

bool null_or_string(const Json& value) {
  return value.is_null() || value.is_string();
}

bool one_of(const Json& value, const std::vector<std::string>& words) {
  return value.is_string() && std::ranges::find(words, value.get<std::string>()) != words.end();
}

bool null_or_oid(const Json& value) {
  return value.is_null() || (value.is_string() && value.get<std::string>().size() == 40);
}

void check_branch(const Json& branch) {
  BOOST_TEST_CONTEXT(branch.dump(2)) {
    BOOST_TEST(branch.at("name").is_string());
    BOOST_TEST(one_of(branch.at("action"),
                      {"none", "create", "fast-forward", "delete", "merge", "rebase", "replace", "park", "refuse"}));
    BOOST_TEST(one_of(branch.at("side"), {"local", "server"}));
    BOOST_TEST(null_or_oid(branch.at("old")));
    BOOST_TEST(null_or_oid(branch.at("new")));
    BOOST_TEST(one_of(branch.at("outcome"), {"ok", "attention", "failed"}));
    for (const auto* const key : {"reason", "message", "hint", "server_words"})
      BOOST_TEST(null_or_string(branch.at(key)));
    BOOST_TEST(branch.at("files").is_array());
  }
}

void check_project(const Json& project) {
  BOOST_TEST_CONTEXT(project.dump(2)) {
    for (const auto* const key : {"name", "path", "url"}) BOOST_TEST(project.at(key).is_string());
    BOOST_TEST(one_of(project.at("client"), {"git", "unison", "rsync"}));
    BOOST_TEST(null_or_string(project.at("remote")));
    BOOST_TEST(one_of(project.at("outcome"), {"ok", "attention", "failed", "auth", "offline", "locked", "skipped"}));
    for (const auto* const key : {"message", "hint"}) BOOST_TEST(null_or_string(project.at(key)));
    BOOST_TEST(project.at("seconds").is_number());
    for (const auto* const key : {"branches", "tags"}) {
      for (const Json& branch : project.at(key)) check_branch(branch);
    }
    BOOST_TEST(project.at("files").at("copied").is_number());
    BOOST_TEST(project.at("files").at("deleted").is_number());
    BOOST_TEST(project.at("files").at("conflicts").is_array());
  }
}

void check_document(const std::string& text, const std::string& tool) {
  BOOST_TEST(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c < '\x7f'); }));
  const Json document = Json::parse(text);
  BOOST_TEST(document.at("schema") == 1);
  BOOST_TEST(document.at("tool") == tool);
  const std::string started = document.at("started");
  BOOST_TEST(started.size() == std::string("2026-11-22T21:17:04Z").size());
  BOOST_TEST(started.back() == 'Z');
  BOOST_TEST(document.at("seconds").is_number());
  BOOST_TEST(document.at("dry_run").is_boolean());
  BOOST_TEST(document.at("exit").is_number_integer());
  for (const Json& project : document.at("projects")) check_project(project);
  for (const Json& error : document.at("errors")) {
    BOOST_TEST(null_or_string(error.at("file")));
    BOOST_TEST((error.at("line").is_null() || error.at("line").is_number_integer()));
    BOOST_TEST(error.at("message").is_string());
  }
  for (const auto* const key : {"projects", "changed", "attention", "failed"}) {
    BOOST_TEST(document.at("summary").at(key).is_number_integer());
  }
}

/// One project with something of everything: to create and to move, here and there, diverged, deleted.
void make_busy(const Sandbox& world, const Computer& computer) {
  const auto notes = computer.project("notes");
  const auto bare = world.bare("notes");
  computer.commit(notes, "here.txt", "here\n");
  computer.git(notes, {"branch", "new-here"});
  computer.git(notes, {"tag", "v-here"});
  const std::string mine = computer.git(notes, {"commit-tree", "-p", "branch-1", "-m", "mine", "branch-1^{tree}"});
  computer.git(notes, {"update-ref", "refs/heads/branch-1", mine});
  add_commits(world.owner, bare, "branch-1", 2);
  add_commits(world.owner, bare, "branch-2", 1);
  world.owner.git(bare, {"branch", "new-there", "branch-3"});
  world.owner.git(bare, {"tag", "v-there", "branch-3"});
  world.owner.git(bare, {"update-ref", "-d", "refs/heads/branch-4"});
}

struct InSync {
  Sandbox world;
  std::filesystem::path notes = world.laptop.project("notes");

  InSync() {
    world.add_repository("notes", {.branches = 6});
    world.add_repository("second", {.branches = 2});
    world.laptop.conf(world.section("notes") + world.section("second"));
    expect_exit(world.laptop.run("sync-now"), 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(quiet, InSync)

BOOST_AUTO_TEST_CASE(a_dry_run_tells_what_would_happen_and_changes_nothing) {
  make_busy(world, world.laptop);
  world.add_repository("missing");
  world.laptop.conf(world.section("missing"), "more.conf");
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) {
    const Snapshot here = snapshot(notes);
    const Snapshot there = snapshot(world.server.home());
    // Push can't do anything for a project that is not here yet.
    const Json document = report_of(world.laptop, tool, std::string(tool) == "sync-push" ? 1 : 3, {"--dry-run"});
    BOOST_TEST(document.at("dry_run") == true);
    BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "diverged");
    BOOST_TEST(differences(here, snapshot(notes)) == "");
    BOOST_TEST(differences(there, snapshot(world.server.home())) == "");
    BOOST_TEST(!std::filesystem::exists(world.laptop.project("missing")));
  }
  const Json pull = report_of(world.laptop, "sync-pull", 3, {"--dry-run"});
  BOOST_TEST(branch_of(pull, "notes", "branch-2").at("action") == "fast-forward");
  BOOST_TEST(branch_of(pull, "notes", "new-there").at("action") == "create");
  const Json push = report_of(world.laptop, "sync-push", 3, {"notes", "--dry-run"});
  BOOST_TEST(branch_of(push, "notes", "main").at("action") == "fast-forward");
  BOOST_TEST(branch_of(push, "notes", "new-here").at("action") == "create");
}

BOOST_AUTO_TEST_CASE(a_run_with_nothing_to_do_touches_no_file) {
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) {
    const Snapshot here = snapshot(notes);
    const Snapshot there = snapshot(world.server.home());
    const Finished run = world.laptop.run(tool);
    expect_exit(run, 0);
    BOOST_TEST(std::ranges::count(run.out, '\n') <= 1);
    BOOST_TEST(differences(here, snapshot(notes)) == "");
    BOOST_TEST(differences(there, snapshot(world.server.home())) == "");
  }
}

BOOST_AUTO_TEST_CASE(the_json_document_is_what_the_manual_says) {
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) {
    check_document(world.laptop.run(tool, {"--json"}).out, tool);
  }
  make_busy(world, world.laptop);
  world.laptop.conf("[git \"bad\"]\npath = ~/b\xc3\xa4\xff\x1b\nnonsense = 1\n", "bad.conf");
  world.laptop.conf(
      world.section("lost") + fmt::format("[git \"dead\"]\npath = ~/dead\nurl = ssh://server:{}/d\n", free_port()),
      "more.conf");
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) {
    for (const auto* const option : {"--dry-run", "--verbose"}) {
      check_document(world.laptop.run(tool, {"--json", option}).out, tool);
    }
  }
}

BOOST_AUTO_TEST_CASE(output_for_programs_has_no_colours_and_no_progress) {
  make_busy(world, world.laptop);
  const Finished run = world.laptop.run("sync-now");
  expect_exit(run, 3);
  BOOST_TEST(!contains(run.out + run.err, "\x1b"));
  BOOST_TEST(!contains(run.out + run.err, "\r"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
