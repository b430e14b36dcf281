// What needs a person: it is reported with its true reason, and nothing is lost or changed.
#include <string>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "in_sync.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

struct Refusing : InSync {
  /// The tool reports branch-1 with this reason, exits with 3, and moves no branch on either side.
  void expect_refusal(const std::string& tool, const std::string& reason) {
    const std::string here = world.laptop.refs(notes, "refs/heads");
    const std::string there = world.owner.refs(bare, "refs/heads");
    const Json document = report_of(world.laptop, tool, 3);
    const Json branch = branch_of(document, "notes", "branch-1");
    BOOST_TEST(branch.at("outcome") == "attention");
    BOOST_TEST(branch.at("reason") == reason);
    BOOST_TEST(document.at("summary").at("attention") == 1);
    BOOST_TEST(world.laptop.refs(notes, "refs/heads") == here);
    BOOST_TEST(world.owner.refs(bare, "refs/heads") == there);
    const Finished run = world.laptop.run(tool);
    expect_exit(run, 3);
    BOOST_TEST_CONTEXT(run.out) {
      BOOST_TEST(contains(run.out, "branch-1"));
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refusals, Refusing)

BOOST_AUTO_TEST_CASE(diverged_branches_are_reported_and_all_others_sync) {
  move(world.laptop, notes, "branch-1", "branch-1");
  const std::string here = move(world.laptop, notes, "branch-2", "branch-2");
  move(world.owner, bare, "branch-1", "branch-1~1");
  const std::string there = move(world.owner, bare, "main", "main");

  const Json document = report_of(world.laptop, "sync-now", 3);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "diverged");
  BOOST_TEST(world.owner.tip(bare, "refs/heads/branch-2") == here);
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/main") == there);
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) expect_refusal(tool, "diverged");
}

BOOST_AUTO_TEST_CASE(a_branch_reset_here_goes_neither_forward_nor_back) {
  world.laptop.git(notes, {"branch", "--force", "branch-1", "branch-1~1"});
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) expect_refusal(tool, "rewound");
}

BOOST_AUTO_TEST_CASE(a_branch_reset_there_goes_neither_forward_nor_back) {
  world.owner.git(bare, {"update-ref", "refs/heads/branch-1", "branch-1~1"});
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) expect_refusal(tool, "rewound");
}

BOOST_AUTO_TEST_CASE(a_branch_in_a_rebase_is_left_alone) {
  world.laptop.git(notes, {"switch", "--quiet", "branch-1"});
  world.laptop.commit(notes, "a.txt", "a\n");
  const auto fails = [](const std::exception&) { return true; };
  BOOST_CHECK_EXCEPTION(world.laptop.git(notes, {"rebase", "--exec", "test -e go-on", "HEAD~2"}), std::runtime_error,
                        fails);
  move(world.owner, bare, "branch-1", "branch-1");
  const std::string there = move(world.owner, bare, "branch-2", "branch-2");
  const Json document = report_of(world.laptop, "sync-now", 3);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "busy");
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/branch-2") == there);
  Computer::write(notes / "go-on", "");
  BOOST_CHECK_NO_THROW(world.laptop.git(notes, {"rebase", "--continue"}));
}

BOOST_AUTO_TEST_CASE(a_ref_that_can_not_be_read_here_fails_in_a_dry_run_as_in_a_real_one) {
  world.owner.git(bare, {"branch", "new", "main"});
  world.owner.git(bare, {"tag", "v1", "main"});
  world.laptop.git(notes,
                   {"update-ref", "-d", "refs/heads/branch-1"});  // packed-refs would still tell an old tip of it
  Computer::write(notes / ".git/refs/heads/branch-1", "");        // as a full disk or a crash leaves it
  Computer::write(notes / ".git/refs/heads/new", "");
  Computer::write(notes / ".git/refs/tags/v1", "");
  const std::string there = world.owner.refs(bare);
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) {
    const Json foreseen = report_of(world.laptop, tool, 1, {"--dry-run"});
    const Json real = report_of(world.laptop, tool, 1);
    for (const auto* const branch : {"branch-1", "new"}) {
      BOOST_TEST(branch_of(real, "notes", branch).at("outcome") == "failed");
      BOOST_TEST(branch_of(foreseen, "notes", branch) == branch_of(real, "notes", branch));
    }
    const Json tags = named(real.at("projects"), "notes").at("tags");
    BOOST_TEST(named(tags, "v1").at("outcome") == "failed");
    BOOST_TEST(named(foreseen.at("projects"), "notes").at("tags") == tags);
  }
  BOOST_TEST(world.owner.refs(bare) == there);
}

BOOST_AUTO_TEST_CASE(what_has_moved_is_reported_where_it_can_not_be_remembered) {
  const std::string there = move(world.owner, bare, "branch-1", "branch-1");
  const std::filesystem::path records = notes / ".git/syncmanager";
  std::filesystem::remove_all(records);
  Computer::write(records, "");
  const Json document = report_of(world.laptop, "sync-now", 1);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("new") == there);
  const Json project = named(document.at("projects"), "notes");
  BOOST_TEST(project.at("outcome") == "failed");
  BOOST_TEST(contains(project.at("message").get<std::string>(), records.string()), project.dump(2));
  std::filesystem::remove(records);
  expect_exit(world.laptop.run("sync-now"), 0);
}

BOOST_AUTO_TEST_CASE(a_server_repository_that_was_emptied_deletes_nothing_here) {
  const std::string before = world.laptop.refs(notes, "refs/heads");
  for (const auto* const branch : {"main", "branch-1", "branch-2"}) {
    world.owner.git(bare, {"update-ref", "-d", std::string("refs/heads/") + branch});
  }
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(world.laptop.refs(notes, "refs/heads") == before);
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(world.owner.refs(bare, "refs/heads") == before);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(servers_that_say_no)

BOOST_AUTO_TEST_CASE(a_branch_that_a_hook_rejects_fails_with_the_servers_words_and_others_arrive) {
  InSync start;
  const Sandbox& world = start.world;
  const auto hook = start.bare / "hooks/update";
  Computer::write(hook,
                  "#!/bin/sh\n"
                  "[ \"$1\" != refs/heads/branch-1 ] || { printf 'branch-1 is \\033[31mfrozen\\n' >&2; exit 1; }\n");
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  const std::string before = world.owner.tip(start.bare, "refs/heads/branch-1");
  InSync::move(world.laptop, start.notes, "branch-1", "branch-1");
  const std::string other = InSync::move(world.laptop, start.notes, "branch-2", "branch-2");

  const Finished run = world.laptop.run("sync-push", {"--color", "never"});
  expect_exit(run, 1);
  BOOST_TEST_CONTEXT(run.out << run.err) {
    BOOST_TEST(contains(run.out + run.err, "frozen"));
    BOOST_TEST(!contains(run.out + run.err, "\x1b"));
  }
  BOOST_TEST(world.owner.tip(start.bare, "refs/heads/branch-1") == before);
  BOOST_TEST(world.owner.tip(start.bare, "refs/heads/branch-2") == other);

  const Json document = report_of(world.laptop, "sync-push", 1);
  const Json branch = branch_of(document, "notes", "branch-1");
  BOOST_TEST(branch.at("outcome") == "failed");
  BOOST_TEST(branch.at("reason") == "rejected");
  BOOST_TEST(contains(branch.at("server_words").get<std::string>(), "frozen"));
  BOOST_TEST(named(document.at("projects"), "notes").at("server_words").is_null());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
