// A server that means harm: what it says is data, never a command, and never reaches the terminal as it is.
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

/// Names that a stock receive-pack accepts, and git makes no branch of.
const std::vector<std::string> refused_names = {"-oProxyCommand=touch${IFS}x", "--help", "--upload-pack=touch${IFS}x",
                                                "HEAD"};
/// Names that it accepts, and that are a branch like any other.
const std::vector<std::string> odd_names = {
    "$(touch${IFS}x)",
    "`touch${IFS}x`",
    "a'b;touch${IFS}x;'",
    "a\"b;touch${IFS}x;\"",
    "semi;touch${IFS}x",
    "pipe|touch${IFS}x",
    "and&touch${IFS}x",
    "<b>bold",
    "\xe2\x80\xae"
    "txt.exe",
    "csi\x9b"
    "31m",
    "refs/heads/main",
    "@",
    "Main",
    "%s%n",
};

void expect_harmless(const Sandbox& world, const Finished& run) {
  for (const auto* const raw : {"\x1b", "\xe2\x80\xae", "\x9b", "\r"}) {
    BOOST_TEST(!contains(run.out + run.err, raw));
  }
  for (const auto& folder : {world.laptop.home(), world.laptop.project("notes"), world.server.home(),
                             world.bare("notes"), std::filesystem::current_path()}) {
    BOOST_TEST(!std::filesystem::exists(folder / "x"));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(branch_names_neither_run_nor_reach_the_terminal) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  const auto bare = world.bare("notes");
  const auto set = [](const Computer& who, const std::filesystem::path& repository, const std::string& name,
                      const std::string& to) {
    who.git(repository, {"update-ref", "refs/heads/" + name, to});
  };
  for (const std::string& name : odd_names) set(world.owner, bare, name, "main");
  world.laptop.conf(world.section("notes"));
  const Finished pull = world.laptop.run("sync-pull", {"--verbose"});
  expect_exit(pull, 0);
  expect_harmless(world, pull);
  expect_equal_refs(world, world.laptop, "notes");

  const auto notes = world.laptop.project("notes");
  const std::string tip = world.laptop.commit(notes, "a.txt", "a\n");
  for (const std::string& name : odd_names) set(world.laptop, notes, name, tip);
  const Finished push = world.laptop.run("sync-push", {"--verbose"});
  expect_exit(push, 0);
  expect_harmless(world, push);
  expect_equal_refs(world, world.laptop, "notes");
}

BOOST_AUTO_TEST_CASE(names_that_git_makes_no_branch_of_are_reported_and_all_others_sync) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  const auto bare = world.bare("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const std::string before = world.laptop.refs(world.laptop.project("notes"), "refs/heads");
  for (const std::string& name : refused_names) {
    world.owner.git(bare, {"update-ref", "refs/heads/" + name, "branch-1"});
  }
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) {
    const Finished run = world.laptop.run(tool, {"--verbose"});
    expect_exit(run, std::string(tool) == "sync-push" ? 0 : 3);  // what is there only is no matter of a push
    expect_harmless(world, run);
    const Finished document = world.laptop.run(tool, {"--json", "--verbose"});
    expect_harmless(world, document);
    BOOST_CHECK_NO_THROW(Json::parse(document.out));
  }
  BOOST_TEST(world.laptop.refs(world.laptop.project("notes"), "refs/heads") == before);
  add_commits(world.owner, bare, "branch-2", 1);
  expect_exit(world.laptop.run("sync-pull"), 3);
  BOOST_TEST(world.laptop.tip(world.laptop.project("notes"), "refs/heads/branch-2") ==
             world.owner.tip(bare, "refs/heads/branch-2"));
}

BOOST_AUTO_TEST_CASE(a_checked_out_branch_with_an_odd_name_moves_like_any_other) {
  Sandbox world;
  world.add_repository("notes");
  const auto bare = world.bare("notes");
  const std::string name = "$(touch${IFS}x)";
  world.owner.git(bare, {"update-ref", "refs/heads/" + name, "main"});
  world.owner.git(bare, {"symbolic-ref", "HEAD", "refs/heads/" + name});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  add_commits(world.owner, bare, name, 2);
  const Finished run = world.laptop.run("sync-pull");
  expect_exit(run, 0);
  expect_harmless(world, run);
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_TEST(world.laptop.git(world.laptop.project("notes"), {"status", "--porcelain"}) == "");
}

BOOST_AUTO_TEST_CASE(a_tree_that_names_files_elsewhere_touches_none_of_them) {
  Sandbox world;
  world.add_repository("notes");
  const auto bare = world.bare("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  // Of the same content as in the tree, or a part of it: what git would be at if it wrote them.
  const std::string content = "theirs\n";
  const std::filesystem::path own = world.laptop.home() / ".profile";
  const std::filesystem::path empty = world.laptop.home() / ".hushlogin";
  Computer::write(own, content);
  Computer::write(empty, "");
  const std::string blob = world.owner.git(bare, {"hash-object", "-w", "--stdin"}, content);
  std::string tree;
  for (const std::string& path : {std::string("../.hushlogin"), std::string("../.profile"), own.string()}) {
    tree += "100644 " + path + std::string(1, '\0');
    for (std::size_t at = 0; at < blob.size(); at += 2) {
      tree += static_cast<char>(std::stoi(blob.substr(at, 2), nullptr, 16));
    }
  }
  const std::string id = world.owner.git(bare, {"hash-object", "-t", "tree", "-w", "--literally", "--stdin"}, tree);
  const std::string main = world.owner.tip(bare, "main");
  for (const Arguments& parents : {Arguments{"-p", main}, Arguments{}}) {  // forward, and rewritten
    Arguments commit = {"commit-tree", "-m", "evil", id};
    commit.insert(commit.end(), parents.begin(), parents.end());
    world.owner.git(bare, {"update-ref", "refs/heads/main", world.owner.git(bare, commit)});
    BOOST_TEST(!world.laptop.run("sync-pull").ok());
    BOOST_TEST(content_of(own) == content);
    BOOST_TEST(std::filesystem::exists(empty));
    BOOST_TEST(world.laptop.tip(world.laptop.project("notes"), "main") == main);
  }
  world.laptop.conf("[git \"fresh\"]\npath = ~/fresh\nurl = " + world.url("notes") + "\n");
  BOOST_TEST(!world.laptop.run("sync-pull").ok());
  BOOST_TEST(content_of(own) == content);
  BOOST_TEST(std::filesystem::exists(empty));
}

BOOST_AUTO_TEST_CASE(one_name_that_cannot_be_here_does_not_stop_the_others) {
  Sandbox world;
  world.add_repository("notes", {.branches = 3});
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  world.laptop.git(world.laptop.project("notes"), {"branch", "topic"});
  world.owner.git(world.bare("notes"), {"branch", "topic/one", "main"});
  add_commits(world.owner, world.bare("notes"), "branch-1", 1);
  const Json document = report_of(world.laptop, "sync-pull", 3);
  BOOST_TEST(branch_of(document, "notes", "topic/one").at("reason") == "name-clash");
  BOOST_TEST(world.laptop.tip(world.laptop.project("notes"), "refs/heads/branch-1") ==
             world.owner.tip(world.bare("notes"), "refs/heads/branch-1"));
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_nonsense_fails_in_plain_words) {
  Sandbox world({.host_keys = {"ed25519"}, .lines = {}, .force_command = "printf 'no\\033[31msuch thing\\n'; exit 1"});
  world.laptop.conf(world.section("notes"));
  const Finished run = world.laptop.run("sync-pull");
  expect_exit(run, 1);
  BOOST_TEST(!contains(run.out + run.err, "\x1b"));
}

BOOST_AUTO_TEST_CASE(a_history_that_is_not_sent_whole_gets_no_ref) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto notes = world.laptop.project("notes");
  add_commits(world.owner, world.bare("notes"), "topic", 2);
  world.owner.git(world.bare("notes"), {"tag", "v1", "topic"});
  const auto hook = world.server.home() / "only-the-tips";
  Computer::write(hook, "#!/bin/sh\nsed '/^--not/,$d' | grep -E '^[0-9a-f]{40}$' | git pack-objects --stdout -q\n");
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  const auto server_config = world.server.home() / ".gitconfig";
  Computer::write(server_config, "[uploadpack]\n\tpackObjectsHook = " + hook.string() + "\n");
  const std::string before = world.laptop.refs(notes);
  for (const Arguments& arguments : {Arguments{"--dry-run"}, Arguments{}, Arguments{}}) {
    expect_exit(world.laptop.run("sync-pull", arguments), 1);
    BOOST_TEST(world.laptop.refs(notes) == before);
    BOOST_CHECK_NO_THROW(world.laptop.git(notes, {"fsck", "--strict"}));
  }
  std::filesystem::remove(server_config);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_equal_refs(world, world.laptop, "notes");
  BOOST_CHECK_NO_THROW(world.laptop.git(notes, {"fsck", "--strict"}));
}

BOOST_AUTO_TEST_CASE(a_clone_whose_history_is_not_sent_whole_is_begun_anew_or_not_made) {
  struct Row {
    int bad_answers;
    int status;
  };
  // The third answer is to git itself, which asks for what lacks.
  for (const Row& row : {Row{1, 0}, Row{2, 0}, Row{3, 1}}) {
    Sandbox world;
    world.add_repository("notes", {.branches = 3, .commits = 2});
    world.owner.git(world.bare("notes"), {"tag", "--annotate", "--message", "x", "v1", "branch-1"});
    world.laptop.conf(world.section("notes"));
    const auto hook = world.server.home() / "only-the-tips";
    Computer::write(hook, fmt::format("#!/bin/sh\necho x >>'{0}'\n[ $(wc -l <'{0}') -gt {1} ] && exec \"$@\"\n"
                                      "sed '/^--not/,$d' | grep -E '^[0-9a-f]{{40}}$' | git pack-objects --stdout -q\n",
                                      (world.server.home() / "answers").string(), row.bad_answers));
    std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
    Computer::write(world.server.home() / ".gitconfig", "[uploadpack]\n\tpackObjectsHook = " + hook.string() + "\n");
    BOOST_TEST_CONTEXT(row.bad_answers << " bad answers") {
      expect_exit(world.laptop.run("sync-pull"), row.status);
      BOOST_TEST(std::filesystem::exists(world.laptop.project("notes")) == (row.status == 0));
      BOOST_TEST(nursery(world.laptop).empty());
      if (row.status != 0) continue;
      expect_equal_refs(world, world.laptop, "notes");
      BOOST_CHECK_NO_THROW(world.laptop.git(world.laptop.project("notes"), {"fsck", "--strict"}));
      BOOST_TEST(world.laptop.git(world.laptop.project("notes"), {"status", "--porcelain"}) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_never_stops_talking_fails) {
  for (const auto* const words : {"exec yes", "exec yes >&2", "echo 'syncmanager listing 2'; exec yes"}) {
    Sandbox world({.host_keys = {"ed25519"}, .lines = {}, .force_command = words});
    world.laptop.conf(world.section("notes"));
    expect_exit(world.laptop.run("sync-pull"), 1);
  }
}

BOOST_AUTO_TEST_CASE(what_a_server_says_when_it_gives_up_is_told) {
  struct Case {
    std::string upload_pack;   ///< what the server runs instead
    std::string pack_objects;  ///< and what that runs
    std::string words;
  };
  const std::string stock = "exec git -c uploadpack.packObjectsHook=\"$HOME/hook\" upload-pack \"$HOME/notes.git\"";
  const std::vector<Case> cases = {
      {stock, "echo this disk is on fire >&2; exit 1", "the server says: this disk is on fire; "},
      {stock, "kill -9 $PPID", "the server stopped in the middle of its answer"},
      {"printf '001eERR this account is closed'", "", "the server says: this account is closed"},
      {"echo Welcome to this server", "", "look whether a start-up file of the account there prints something"},
  };
  Sandbox world({.host_keys = {"ed25519"},
                 .lines = {},
                 .force_command = "case $SSH_ORIGINAL_COMMAND in git-upload-pack*) . \"$HOME/answer\" ;; "
                                  "*) exec sh -c \"$SSH_ORIGINAL_COMMAND\" ;; esac"});
  world.add_repository("notes");
  world.laptop.git(world.laptop.home(), {"clone", "--quiet", world.bare("notes").string(), "notes"});
  add_commits(world.owner, world.bare("notes"), "main", 1);
  world.laptop.conf(world.section("notes"));
  const auto hook = world.server.home() / "hook";
  for (const Case& one : cases) {
    Computer::write(hook, "#!/bin/sh\ncat >/dev/null\n" + one.pack_objects + '\n');
    std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
    Computer::write(world.server.home() / "answer", one.upload_pack);
    const Finished run = world.laptop.run("sync-pull");
    expect_exit(run, 1);
    BOOST_TEST(contains(run.out, one.words), run.out);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_says_hello_without_the_end_of_the_line_is_understood) {
  Sandbox world({.host_keys = {"ed25519"},
                 .lines = {},
                 .force_command = "{ printf '\\033]0;title\\007'; exec sh -c \"$SSH_ORIGINAL_COMMAND\"; }"});
  world.add_repository("notes");
  world.laptop.git(world.laptop.home(), {"clone", "--quiet", world.bare("notes").string(), "notes"});
  world.laptop.conf(world.section("notes"));
  const Json document = report_of(world.laptop, "sync-pull", 0, {"--verbose"});
  BOOST_TEST(branch_of(document, "notes", "main").at("outcome") == "ok");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
