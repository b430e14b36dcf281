// What moves by itself although a branch loses something: deletions, rewrites, and what --force decides. Each time what
// was lost is kept.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "in_sync.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

/// The commits that rescue refs keep on this computer.
std::string rescued(const Computer& computer, const std::filesystem::path& repository) {
  return computer.git(repository, {"for-each-ref", "--format=%(objectname)", "refs/sync/rescue"});
}

struct Rules : InSync {
  std::string before = world.laptop.tip(notes, "branch-1");

  void expect(const std::string& tool, const std::string& action, const Arguments& arguments = {}) {
    const Json foreseen = report_of(world.laptop, tool, 0, [&] {
      Arguments dry = arguments;
      dry.emplace_back("--dry-run");
      return dry;
    }());
    BOOST_TEST(branch_of(foreseen, "notes", "branch-1").at("action") == action);
    BOOST_TEST(rescued(world.laptop, notes).empty());
    const Json done = report_of(world.laptop, tool, 0, arguments);
    BOOST_TEST(branch_of(done, "notes", "branch-1") == branch_of(foreseen, "notes", "branch-1"));
    expect_exit(world.laptop.run("sync-now"), 0);
    expect_equal_refs(world, world.laptop, "notes");
    BOOST_TEST(world.laptop.git(notes, {"status", "--porcelain"}).empty());
    world.laptop.git(notes, {"fsck", "--strict"});
    world.owner.git(bare, {"fsck", "--strict"});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rules, Rules)

BOOST_AUTO_TEST_CASE(a_branch_deleted_there_goes_here_too_and_is_kept) {
  world.owner.git(bare, {"branch", "-D", "branch-1"});
  expect("sync-pull", "delete");
  BOOST_TEST(world.laptop.tip(notes, "refs/heads/branch-1") == "");
  BOOST_TEST(rescued(world.laptop, notes) == before);
}

BOOST_AUTO_TEST_CASE(a_branch_deleted_here_goes_there_too_and_is_kept) {
  world.laptop.git(notes, {"branch", "-D", "branch-1"});
  expect("sync-push", "delete");
  BOOST_TEST(world.owner.tip(bare, "refs/heads/branch-1") == "");
  BOOST_TEST(rescued(world.laptop, notes) == before);
}

BOOST_AUTO_TEST_CASE(a_branch_that_another_computer_makes_anew_during_the_push_is_not_deleted_twice) {
  world.laptop.git(notes, {"branch", "-D", "branch-1"});
  move(world.laptop, notes, "main", "main");
  const std::string main = world.owner.tip(bare, "refs/heads/main");
  const auto hook = [&](const std::string& name, const std::string& text) {
    Computer::write(bare / "hooks" / name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(bare / "hooks" / name, std::filesystem::perms::owner_all);
  };
  hook("update",
       "[ $1 = refs/heads/main ] && [ ! -e once ] || exit 0\ntouch once\n"
       "echo \"error: cannot lock ref '$1': is at " +
           main + " but expected " + main + "\" >&2\nexit 1\n");
  hook("post-receive", "[ -e twice ] && exit 0\ntouch twice\ngit update-ref refs/heads/branch-1 " + before + "\n");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(std::filesystem::exists(bare / "twice"));
  BOOST_TEST(world.owner.tip(bare, "refs/heads/branch-1") == before);
}

BOOST_AUTO_TEST_CASE(the_servers_default_branch_is_not_deleted) {
  world.owner.git(bare, {"config", "receive.denyDeleteCurrent", "ignore"});
  world.laptop.git(notes, {"branch", "-m", "main", "renamed"});
  const Json document = report_of(world.laptop, "sync-push", 3);
  BOOST_TEST(branch_of(document, "notes", "main").at("reason") == "protected");
  BOOST_TEST(world.owner.tip(bare, "main") != "");
  BOOST_TEST(world.owner.tip(bare, "renamed") != "");
}

BOOST_AUTO_TEST_CASE(a_branch_rewritten_there_moves_here_and_is_kept) {
  const std::string there = move(world.owner, bare, "branch-1", "branch-1~1");
  expect("sync-pull", "replace");
  BOOST_TEST(world.laptop.tip(notes, "branch-1") == there);
  BOOST_TEST(rescued(world.laptop, notes) == before);
}

BOOST_AUTO_TEST_CASE(a_checked_out_branch_rewritten_there_moves_with_its_files) {
  world.laptop.git(notes, {"switch", "--quiet", "branch-1"});
  Computer::write(notes / "mine.txt", "mine\n");
  world.laptop.git(notes, {"add", "mine.txt"});
  world.desktop.conf(world.section("notes"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  const auto theirs = world.desktop.project("notes");
  world.desktop.git(theirs, {"switch", "--quiet", "branch-1"});
  world.desktop.git(theirs, {"reset", "--quiet", "--hard", "HEAD~1"});
  const std::string there = world.desktop.commit(theirs, "again.txt", "again\n");
  world.desktop.git(theirs, {"push", "--quiet", "--force", bare.string(), "branch-1"});
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(world.laptop.tip(notes, "HEAD") == there);
  BOOST_TEST(world.laptop.git(notes, {"status", "--porcelain"}) == "A  mine.txt");
  BOOST_TEST(content_of(notes / "again.txt") == "again\n");
  BOOST_TEST(rescued(world.laptop, notes) == before);
}

BOOST_AUTO_TEST_CASE(a_rewritten_branch_with_something_in_the_way_waits_without_a_trace) {
  world.laptop.git(notes, {"switch", "--quiet", "branch-1"});
  const std::string blob = world.owner.git(bare, {"hash-object", "-w", "--stdin"}, "theirs\n");
  const std::string tree = world.owner.git(bare, {"mktree"}, "100644 blob " + blob + "\tin-the-way.txt\n");
  const std::string there = world.owner.git(bare, {"commit-tree", "-p", "branch-1~1", "-m", "again", tree});
  world.owner.git(bare, {"update-ref", "refs/heads/branch-1", there});
  Computer::write(notes / "in-the-way.txt", "mine\n");
  expect_exit(world.laptop.run("sync-pull"), 3);
  const Snapshot seen = snapshot(notes / ".git");
  expect_exit(world.laptop.run("sync-pull"), 3);
  BOOST_TEST(differences(seen, snapshot(notes / ".git")) == "");
  BOOST_TEST(rescued(world.laptop, notes).empty());
}

BOOST_AUTO_TEST_CASE(a_branch_that_this_user_has_rewritten_here_replaces_the_one_there) {
  world.laptop.git(notes, {"config", "user.email", world.owner.git(bare, {"log", "-1", "--format=%ce", "branch-1"})});
  const std::string here = move(world.laptop, notes, "branch-1", "branch-1~1");
  expect("sync-push", "replace");
  BOOST_TEST(world.owner.tip(bare, "branch-1") == here);
  BOOST_TEST(rescued(world.laptop, notes) == before);
}

BOOST_AUTO_TEST_CASE(somebody_elses_commits_are_not_replaced_but_the_rewrite_is_kept_there) {
  world.laptop.git(notes, {"config", "user.email", "somebody.else@example.org"});
  const std::string here = move(world.laptop, notes, "branch-1", "branch-1~1");
  const std::string parked = "refs/sync/laptop/heads/branch-1";
  const Json document = report_of(world.laptop, "sync-push", 3);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("action") == "park");
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "rewritten");
  BOOST_TEST(world.owner.tip(bare, "branch-1") == before);
  BOOST_TEST(world.owner.tip(bare, parked) == here);

  // Once more changes nothing, and a later one that does not contain it leaves it here.
  const auto there = snapshot(bare);
  expect_exit(world.laptop.run("sync-push"), 3);
  BOOST_TEST(differences(there, snapshot(bare)) == "");
  const std::string later = move(world.laptop, notes, "branch-1", "branch-1~2");
  expect_exit(world.laptop.run("sync-push"), 3);
  BOOST_TEST(world.owner.tip(bare, parked) == later);
  BOOST_TEST(rescued(world.laptop, notes) == here);

  // Solved, it is parked no more.
  world.laptop.git(notes, {"branch", "--force", "branch-1", before});
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(world.owner.refs(bare, "refs/sync") == "");
  BOOST_TEST(world.laptop.refs(notes, "refs/sync/parked") == "");
  BOOST_TEST(contains(rescued(world.laptop, notes), later));
}

BOOST_AUTO_TEST_CASE(force_takes_the_servers_side_on_pull_and_stashes_what_is_in_the_way) {
  world.laptop.git(notes, {"switch", "--quiet", "branch-1"});
  const std::string here = world.laptop.commit(notes, "file.txt", "here\n");
  world.desktop.conf(world.section("notes"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  const auto theirs = world.desktop.project("notes");
  world.desktop.git(theirs, {"switch", "--quiet", "branch-1"});
  const std::string there = world.desktop.commit(theirs, "file.txt", "there\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  Computer::write(notes / "file.txt", "not committed\n");

  expect_exit(world.laptop.run("sync-pull"), 3);
  BOOST_TEST(content_of(notes / "file.txt") == "not committed\n");
  const Finished run = world.laptop.run("sync-pull", {"--force"});
  expect_exit(run, 0);
  BOOST_TEST(contains(run.out, "git stash pop"), run.out);
  BOOST_TEST(world.laptop.tip(notes, "HEAD") == there);
  BOOST_TEST(content_of(notes / "file.txt") == "there\n");
  BOOST_TEST(rescued(world.laptop, notes) == here);
  BOOST_TEST(world.laptop.git(notes, {"show", "stash@{0}:file.txt"}) == "not committed");
}

BOOST_AUTO_TEST_CASE(force_moves_no_branch_into_the_place_of_another_repository) {
  world.laptop.git(notes, {"switch", "--quiet", "branch-1"});
  const std::string here = world.laptop.commit(notes, "file.txt", "here\n");
  world.desktop.conf(world.section("notes"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  const auto theirs = world.desktop.project("notes");
  world.desktop.git(theirs, {"switch", "--quiet", "branch-1"});
  world.desktop.commit(theirs, "inner", "there\n");
  expect_exit(world.desktop.run("sync-push"), 0);
  world.laptop.git(notes, {"init", "--quiet", "inner"});
  Computer::write(notes / "inner/file.txt", "mine\n");
  for (const Arguments& arguments : {Arguments{"--force", "--dry-run"}, Arguments{"--force"}}) {
    const Json document = report_of(world.laptop, "sync-pull", 3, arguments);
    const Json branch = branch_of(document, "notes", "branch-1");
    BOOST_TEST(branch.at("reason") == "dirty");
    BOOST_TEST(branch.at("message") == "a git repository is in the way, which can't be stashed");
    BOOST_TEST(branch.at("files") == Json::array({"inner"}));
  }
  BOOST_TEST(world.laptop.tip(notes, "HEAD") == here);
  BOOST_TEST(world.laptop.git(notes, {"stash", "list"}) == "");
  BOOST_TEST(content_of(notes / "inner/file.txt") == "mine\n");
}

BOOST_AUTO_TEST_CASE(force_gives_the_server_this_side_on_push) {
  const std::string here = move(world.laptop, notes, "branch-1", "branch-1");
  const std::string there = move(world.owner, bare, "branch-1", "branch-1~1");
  expect("sync-push", "replace", {"--force"});
  BOOST_TEST(world.owner.tip(bare, "branch-1") == here);
  BOOST_TEST(rescued(world.laptop, notes) == there);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rules_of_conf_files)

BOOST_AUTO_TEST_CASE(diverged_branches_are_merged_or_rebased_where_that_is_clean) {
  for (const std::string how : {"merge", "rebase"}) {
    BOOST_TEST_CONTEXT(how) {
      InSync start("diverged = " + how + "\n");
      const Sandbox& world = start.world;
      world.desktop.conf(world.section("notes"));
      expect_exit(world.desktop.run("sync-pull"), 0);
      const auto theirs = world.desktop.project("notes");
      const std::string there = world.desktop.commit(theirs, "there.txt", "there\n");
      world.desktop.git(theirs, {"switch", "--quiet", "branch-1"});
      world.desktop.commit(theirs, "both.txt", "there\n");
      expect_exit(world.desktop.run("sync-push"), 0);
      const std::string here = world.laptop.commit(start.notes, "here.txt", "here\n");
      world.laptop.git(start.notes, {"switch", "--quiet", "branch-1"});
      const std::string conflicting = world.laptop.commit(start.notes, "both.txt", "here\n");
      world.laptop.git(start.notes, {"switch", "--quiet", "main"});
      Computer::write(start.notes / "mine.txt", "mine\n");

      const Json foreseen = report_of(world.laptop, "sync-now", 3, {"--dry-run"});
      BOOST_TEST(world.laptop.tip(start.notes, "main") == here);
      const Json document = report_of(world.laptop, "sync-now", 3);
      BOOST_TEST(branch_of(foreseen, "notes", "branch-1").at("reason") == "conflict");
      const Json conflict = branch_of(document, "notes", "branch-1");
      BOOST_TEST(conflict.at("files").dump() == R"(["both.txt"])");
      BOOST_TEST(contains(conflict.at("hint").get<std::string>(), how + " origin/branch-1"));
      BOOST_TEST(world.laptop.tip(start.notes, "branch-1") == conflicting);
      BOOST_TEST(world.owner.tip(start.bare, "refs/sync/laptop/heads/branch-1") == conflicting);

      // The clean one has arrived everywhere, the user's own files are as they were.
      const std::string joined = world.laptop.tip(start.notes, "main");
      BOOST_TEST(world.owner.tip(start.bare, "main") == joined);
      BOOST_TEST(world.laptop.git(start.notes, {"merge-base", joined, there}) == there);
      const bool kept = world.laptop.git(start.notes, {"branch", "--contains", here}).find("main") != std::string::npos;
      BOOST_TEST(kept == (how == "merge"));
      BOOST_TEST(content_of(start.notes / "there.txt") == "there\n");
      BOOST_TEST(content_of(start.notes / "here.txt") == "here\n");
      BOOST_TEST(world.laptop.git(start.notes, {"status", "--porcelain"}) == "?? mine.txt");
      BOOST_TEST(rescued(world.laptop, start.notes) == (how == "merge" ? "" : here));
    }
  }
}

BOOST_AUTO_TEST_CASE(kept_branches_are_deleted_on_neither_side) {
  InSync start("deletions = keep\n");
  const Sandbox& world = start.world;
  world.owner.git(start.bare, {"branch", "-D", "branch-1"});
  world.laptop.git(start.notes, {"branch", "-D", "branch-2"});
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(world.laptop.tip(start.notes, "refs/heads/branch-1") != "");
  BOOST_TEST(world.owner.tip(start.bare, "refs/heads/branch-2") != "");
}

BOOST_AUTO_TEST_CASE(rewrites_are_always_pushed_or_never) {
  for (const std::string rule : {"push", "refuse"}) {
    InSync start("rewrites = " + rule + "\npark = no\n");
    const Sandbox& world = start.world;
    const std::string before = world.owner.tip(start.bare, "branch-1");
    const std::string here = InSync::move(world.laptop, start.notes, "branch-1", "branch-1~1");
    expect_exit(world.laptop.run("sync-push"), rule == "push" ? 0 : 3);
    BOOST_TEST(world.owner.tip(start.bare, "branch-1") == (rule == "push" ? here : before));
    BOOST_TEST(world.owner.refs(start.bare, "refs/sync") == "");
  }
}

BOOST_AUTO_TEST_CASE(more_than_half_of_the_branches_are_deleted_only_where_that_is_allowed) {
  InSync start("", 7);
  const Sandbox& world = start.world;
  for (const auto* const branch : {"branch-1", "branch-2", "branch-3", "branch-4"}) {
    world.owner.git(start.bare, {"branch", "-D", branch});
  }
  const std::string moved = InSync::move(world.owner, start.bare, "main", "main");
  const std::string before = world.laptop.refs(start.notes, "refs/heads/branch-1");
  const Json document = report_of(world.laptop, "sync-pull", 3);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "mass-deletion");
  BOOST_TEST(contains(branch_of(document, "notes", "branch-1").at("hint").get<std::string>(), "--allow-mass-deletion"));
  BOOST_TEST(world.laptop.refs(start.notes, "refs/heads/branch-1") == before);
  BOOST_TEST(world.laptop.tip(start.notes, "main") == moved);
  expect_exit(world.laptop.run("sync-pull", {"--allow-mass-deletion"}), 0);
  expect_equal_refs(world, world.laptop, "notes");

  for (const auto* const branch : {"branch-5", "branch-6"}) world.laptop.git(start.notes, {"branch", "-D", branch});
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_name_that_becomes_a_folder_of_names_changes_on_both_sides) {
  InSync start;
  const Sandbox& world = start.world;
  world.owner.git(start.bare, {"branch", "-D", "branch-1"});
  world.owner.git(start.bare, {"branch", "branch-1/topic", "main"});
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  world.laptop.git(start.notes, {"branch", "-D", "branch-1/topic"});
  world.laptop.git(start.notes, {"branch", "branch-1", "main"});
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_name_that_clashes_with_one_there_waits_and_is_kept_there) {
  InSync start;
  const Sandbox& world = start.world;
  world.owner.git(start.bare, {"branch", "topic", "main"});
  world.laptop.git(start.notes, {"branch", "topic/deep", "branch-1"});
  const Json document = report_of(world.laptop, "sync-now", 3);
  BOOST_TEST(branch_of(document, "notes", "topic/deep").at("reason") == "name-clash");
  BOOST_TEST(branch_of(document, "notes", "topic").at("reason") == "name-clash");
  BOOST_TEST(world.owner.tip(start.bare, "refs/sync/laptop/heads/topic/deep") ==
             world.laptop.tip(start.notes, "topic/deep"));
  world.laptop.git(start.notes, {"branch", "-m", "topic/deep", "topic-deep"});
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(two_servers_of_one_folder_get_the_same_and_lose_nothing_by_each_other) {
  InSync start;
  const Sandbox& world = start.world;
  world.add_empty_repository("backup");
  const auto backup = world.bare("backup");
  world.laptop.conf(world.section("notes") +
                    "[git \"backup\"]\npath = ~/notes\nremote = backup\nurl = " + world.url("backup") + "\n");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(world.owner.refs(backup, "refs/heads") == world.owner.refs(start.bare, "refs/heads"));

  // What comes from one goes to the other, whichever has its turn first.
  const std::string there = InSync::move(world.owner, backup, "branch-1", "branch-1");
  world.owner.git(start.bare, {"branch", "-D", "branch-2"});
  for (int round = 0; round < 2; ++round) expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(world.owner.tip(start.bare, "branch-1") == there);
  BOOST_TEST(world.owner.tip(backup, "refs/heads/branch-2") == "");
  BOOST_TEST(world.owner.refs(backup, "refs/heads") == world.owner.refs(start.bare, "refs/heads"));

  // They differ: each is told by its own name.
  InSync::move(world.owner, backup, "main", "main");
  const std::string tree = world.owner.git(start.bare, {"rev-parse", "main^{tree}"});
  world.owner.git(start.bare, {"update-ref", "refs/heads/main",
                               world.owner.git(start.bare, {"commit-tree", "-p", "main", "-m", "another", tree})});
  const Json document = report_of(world.laptop, "sync-now", 3);
  const Json first = named(document.at("projects"), "notes").at("outcome");
  const Json second = named(document.at("projects"), "backup").at("outcome");
  BOOST_TEST((first == "attention") != (second == "attention"));
  expect_exit(world.laptop.run("sync-delete", {"-p", "notes", "branch-1"}), 0);
  static_cast<void>(world.laptop.run("sync-push"));
  BOOST_TEST(world.owner.tip(start.bare, "refs/heads/branch-1") == "");
  BOOST_TEST(world.owner.tip(backup, "refs/heads/branch-1") == "");
}

BOOST_AUTO_TEST_CASE(a_branch_that_the_server_rejects_is_kept_there_all_the_same) {
  InSync start;
  const Sandbox& world = start.world;
  const auto hook = start.bare / "hooks/update";
  Computer::write(hook, "#!/bin/sh\ncase $1 in refs/heads/*) echo protected >&2; exit 1;; esac\n");
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  const std::string here = InSync::move(world.laptop, start.notes, "branch-1", "branch-1");
  const Json document = report_of(world.laptop, "sync-push", 1);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "rejected");
  BOOST_TEST(world.owner.tip(start.bare, "refs/sync/laptop/heads/branch-1") == here);
}

BOOST_AUTO_TEST_CASE(a_branch_that_a_hook_here_refuses_is_kept_there_and_others_arrive) {
  InSync start;
  const Sandbox& world = start.world;
  const auto hook = start.notes / ".git/hooks/pre-push";
  Computer::write(hook, "#!/bin/sh\ngrep -q refs/heads/branch-1 || exit 0\necho not that one >&2\nexit 1\n");
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  const std::string here = InSync::move(world.laptop, start.notes, "branch-1", "branch-1");
  const std::string other = InSync::move(world.laptop, start.notes, "branch-2", "branch-2");
  const std::string before = world.owner.tip(start.bare, "refs/heads/branch-1");
  const Json document = report_of(world.laptop, "sync-push", 1);
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("reason") == "rejected");
  BOOST_TEST(branch_of(document, "notes", "branch-1").at("message") == "the pre-push hook refused it: not that one");
  BOOST_TEST(world.owner.tip(start.bare, "refs/heads/branch-1") == before);
  BOOST_TEST(world.owner.tip(start.bare, "refs/heads/branch-2") == other);
  BOOST_TEST(world.owner.tip(start.bare, "refs/sync/laptop/heads/branch-1") == here);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
