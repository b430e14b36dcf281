// sync-hooks with real git: events arrive, hooks that are there already go on working, and all comes back as it was.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/stat.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include "background.hpp"
#include "base/file.hpp"
#include "expect.hpp"
#include "in_sync.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// Kind, mode and content of everything below a folder.
using Tree = std::map<std::string, std::string>;

Tree tree(const fs::path& folder) {
  Tree result;
  if (!fs::exists(folder)) return result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    struct stat found {};
    BOOST_REQUIRE(lstat(entry.path().c_str(), &found) == 0);
    const std::string content = entry.is_symlink()        ? fs::read_symlink(entry.path()).string()
                                : entry.is_regular_file() ? content_of(entry.path())
                                                          : std::string();
    result[entry.path().lexically_relative(folder)] = fmt::format("{:o} {}", found.st_mode, content);
  }
  return result;
}

void script(const fs::path& path, const std::string& text, fs::perms mode = fs::perms(0755)) {
  Computer::write(path, text);
  fs::permissions(path, mode);
}

/// A laptop whose queue nobody works off: the test itself holds the worker's place.
struct Hooked : InSync {
  fs::path hooks = notes / ".git/hooks";
  fs::path said = world.path() / "said";  ///< what the user's own hooks write
  Fd place;

  Hooked() { place = hold_worker_lock(world.laptop); }

  Finished hooks_tool(const Arguments& arguments) const { return world.laptop.run("sync-hooks", arguments); }
  void install() const { expect_exit(hooks_tool({"install", "notes"}), 0); }
  void uninstall() const { expect_exit(hooks_tool({"uninstall", "notes"}), 0); }

  /// The events that have arrived since, each once: "checkout commit".
  [[nodiscard]] std::string events() const {
    std::vector<std::string> words;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(queue_of(world.laptop), none)) {
      const std::string token = content_of(entry.path());
      words.push_back(token.substr(0, token.find(' ')));
      fs::remove(entry.path());
    }
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());
    return fmt::format("{}", fmt::join(words, " "));
  }

  /// As a person runs git, with whatever status.
  [[nodiscard]] Finished git(const fs::path& folder, const Arguments& arguments,
                             const std::string& variable = {}) const {
    Command command;
    command.argv = {"git", "-C", folder};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = world.laptop.environment();
    if (!variable.empty()) command.environment.push_back(variable);
    return syncmanager::run(command, {}, std::chrono::minutes(1));
  }
  void commit(const fs::path& folder) const {
    expect_exit(git(folder, {"commit", "--quiet", "--allow-empty", "-m", "x"}), 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hooks, Hooked)

BOOST_AUTO_TEST_CASE(what_git_does_arrives_and_what_it_does_to_files_does_not) {
  install();
  BOOST_TEST(events() == "");
  commit(notes);
  BOOST_TEST(events() == "commit");
  expect_exit(git(notes, {"checkout", "--quiet", "branch-1"}), 0);
  BOOST_TEST(events() == "checkout");
  expect_exit(git(notes, {"merge", "--quiet", "-m", "merged", "main"}), 0);
  BOOST_TEST(contains(events(), "merge"));
  expect_exit(git(notes, {"commit", "--quiet", "--allow-empty", "--amend", "-m", "y"}), 0);
  BOOST_TEST(events() == "commit rewrite");
  expect_exit(git(notes, {"checkout", "--", "."}), 0);
  BOOST_TEST(events() == "");
  expect_exit(git(notes, {"commit", "--quiet", "--allow-empty", "-m", "x"}, "SYNC_HOOKS=0"), 0);
  BOOST_TEST(events() == "");
}

BOOST_AUTO_TEST_CASE(a_second_install_touches_nothing_and_an_uninstall_leaves_nothing) {
  const Tree before = tree(notes / ".git");
  const Finished preview = hooks_tool({"install", "-n", "notes"});
  expect_exit(preview, 0);
  BOOST_TEST(contains(preview.out, "post-commit"), preview.out);
  BOOST_TEST((tree(notes / ".git") == before));
  install();
  const Snapshot installed = snapshot(hooks);
  const Finished again = hooks_tool({"install", "notes"});
  expect_exit(again, 0);
  BOOST_TEST(contains(again.out, "with hooks as the conf files say"), again.out);
  BOOST_TEST(differences(installed, snapshot(hooks)) == "");
  uninstall();
  BOOST_TEST((tree(notes / ".git") == before));
}

BOOST_AUTO_TEST_CASE(hooks_that_are_there_go_on_working_and_come_back) {
  const std::string tell = "{ echo \"$#: $*\"; cat; } >>'" + said.string() + "'\n";
  script(world.path() / "shared", "#!/bin/sh\n" + tell + "exit 7\n");
  const std::string python =
      "import sys\nopen('" + said.string() + "', 'a').write(repr(sys.argv[1:]) + sys.stdin.read())\n";
  const std::string perl = "open(F, '>>', '" + said.string() + "'); print F \"@ARGV \", <STDIN>; exit 7;\n";
  const struct {
    const char* what;
    std::string text;
    fs::path link;
    fs::perms mode = fs::perms(0755);
  } rows[] = {
      {"sh -e", "#!/bin/sh -e\n" + tell + "false\n", {}},
      {"sh without a line feed at its end", "#!/bin/sh\n" + tell + "exit 7", {}},
      {"bash by env", "#!/usr/bin/env bash\nset -u\n[[ $# -gt 0 ]] && " + tell, {}, fs::perms(0700)},
      {"no first line", tell, {}},
      {"as git-lfs writes it",
       "#!/bin/sh\ncommand -v cat >/dev/null 2>&1 || { echo >&2 missing; exit 2; }\n" + tell,
       {}},
      {"perl", "#!/usr/bin/perl\n" + perl, {}},
      {"python", "#!/usr/bin/env python3\n" + python, {}, fs::perms(0555)},
      {"a relative link", {}, "../../../../../shared"},
      {"an absolute link", {}, world.path() / "shared"},
      {"switched off", "#!/bin/sh\n" + tell, {}, fs::perms(0644)},
  };
  world.laptop.git(notes, {"config", "advice.ignoredHook", "false"});  // it is not one any more while it is wrapped
  const auto act = [&] {
    fs::remove(said);
    const Finished amend =
        git(notes, {"commit", "--quiet", "--allow-empty", "--amend", "-m", "same", "--date=@1 +0000"});
    const Finished checkout = git(notes, {"checkout", "--quiet", "-B", "side"});
    const Finished back = git(notes, {"checkout", "--quiet", "main"});
    // The ids of the commits differ from one time to the next.
    std::string told = content_of(said);
    const auto is_digit = [](char sign) {
      return std::string_view("0123456789abcdef").find(sign) != std::string::npos;
    };
    std::ranges::replace_if(told, is_digit, '.');
    told += fmt::format("{} {} {}\n", amend.status, checkout.status, back.status);
    told += amend.err + checkout.err + back.err;
    return told;
  };
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.what) {
      fs::remove_all(hooks);
      fs::create_directories(hooks);
      for (const std::string name : {"post-rewrite", "post-checkout"}) {
        if (row.link.empty())
          script(hooks / name, row.text, row.mode);
        else
          fs::create_symlink(row.link.is_absolute() ? row.link : fs::relative(world.path() / "shared", hooks),
                             hooks / name);
      }
      const Tree before = tree(hooks);
      const std::string alone = act();
      BOOST_TEST(events() == "");
      install();
      const Snapshot installed = snapshot(hooks);
      install();
      BOOST_TEST(differences(installed, snapshot(hooks)) == "");
      BOOST_TEST(act() == alone);
      BOOST_TEST(events() == "checkout commit rewrite");
      uninstall();
      BOOST_TEST((tree(hooks) == before));
      BOOST_TEST(act() == alone);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_folder_of_the_repositorys_own_as_husky_makes_it_is_used) {
  const fs::path husky = notes / ".husky/_";
  Computer::write(husky / ".gitignore", "*\n");
  script(husky / "post-commit", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n");
  Computer::write(husky / "h", "echo \"$(basename \"$0\") by husky\" >>'" + said.string() + "'\n");
  install();
  world.laptop.git(notes, {"config", "core.hooksPath", ".husky/_"});
  const Finished lost = hooks_tool({"status"});
  expect_exit(lost, 3);
  BOOST_TEST(contains(lost.out, "lost: post-commit"), lost.out);
  const Tree before = tree(husky);
  install();
  BOOST_TEST(!fs::exists(hooks / "post-commit"));
  commit(notes);
  BOOST_TEST(content_of(said) == "post-commit by husky\n");
  BOOST_TEST(events() == "commit");
  expect_exit(hooks_tool({"status"}), 0);
  uninstall();
  BOOST_TEST((tree(husky) == before));
}

BOOST_AUTO_TEST_CASE(a_folder_for_all_repositories_is_never_written_to) {
  const fs::path shared = world.laptop.home() / "all-hooks";
  script(shared / "post-commit", "#!/bin/sh\n");
  world.laptop.git(notes, {"config", "--global", "core.hooksPath", "~/all-hooks"});
  const Tree before = tree(shared);
  for (const std::string action : {"install", "status"}) {
    const Finished run = hooks_tool({action, "notes"});
    expect_exit(run, 3);
    BOOST_TEST(contains(run.out, ".gitconfig"), run.out);
    BOOST_TEST(contains(run.out, "config core.hooksPath " + hooks.string()), run.out);
  }
  BOOST_TEST((tree(shared) == before));
  BOOST_TEST(!fs::exists(hooks / "post-commit"));

  // Either of the two ways that are told.
  const Json document = report_of(world.laptop, "sync-hooks", 3, {"status"});
  const std::string hint = named(document.at("projects"), "notes").at("hint");
  const std::string line = hint.substr(hint.find("[ \"${SYNC_HOOKS-}"));
  for (const std::string event : {"commit", "checkout", "merge", "rewrite"}) {
    script(shared / ("post-" + event), "#!/bin/sh\n" + line + "\n");
  }
  expect_exit(hooks_tool({"status"}), 0);
  install();
  commit(notes);
  BOOST_TEST(events() == "commit");
  expect_exit(git(notes, {"checkout", "--", "."}), 0);
  BOOST_TEST(events() == "");
  expect_exit(git(notes, {"checkout", "--quiet", "branch-1"}), 0);
  BOOST_TEST(events() == "checkout");
  fs::remove_all(shared);
  world.laptop.git(notes, {"config", "core.hooksPath", hooks});
  install();
  commit(notes);
  BOOST_TEST(events() == "commit");
}

BOOST_AUTO_TEST_CASE(hooks_that_are_switched_off_stay_so) {
  world.laptop.git(notes, {"config", "core.hooksPath", "/dev/null"});
  const Finished run = hooks_tool({"install", "notes"});
  expect_exit(run, 3);
  BOOST_TEST(contains(run.out, "/dev/null"), run.out);
}

BOOST_AUTO_TEST_CASE(linked_worktrees_bare_repositories_and_submodules_work) {
  const fs::path topic = world.laptop.project("topic");
  world.laptop.git(notes, {"worktree", "add", "--quiet", "-b", "topic", topic});
  const fs::path store = world.laptop.project("store.git");
  world.laptop.git(world.path(), {"clone", "--quiet", "--bare", notes, store});
  const fs::path tree_of_store = world.laptop.project("store");
  world.laptop.git(store, {"worktree", "add", "--quiet", "-b", "side", tree_of_store});
  world.laptop.git(notes, {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", bare, "sub"});
  world.laptop.conf(world.section("notes") + "[git \"store\"]\npath = ~/store.git\nurl = " + world.url("notes") +
                    "\n[git \"sub\"]\npath = ~/notes/sub\nurl = " + world.url("notes") + "\n");
  expect_exit(hooks_tool({"install", "--all"}), 0);
  for (const fs::path& folder : {topic, tree_of_store, notes / "sub"}) {
    BOOST_TEST_CONTEXT(folder) {
      commit(folder);
      BOOST_TEST(events() == "commit");
    }
  }
  expect_exit(hooks_tool({"uninstall", "--all"}), 0);
  for (const fs::path& folder : {topic, tree_of_store, notes / "sub"}) commit(folder);
  BOOST_TEST(events() == "");
}

BOOST_AUTO_TEST_CASE(what_the_tools_do_themselves_is_no_event) {
  install();
  const std::string tip = move(world.owner, bare, "main", "main");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(world.laptop.tip(notes, "main") == tip);
  BOOST_TEST(events() == "");
}

BOOST_AUTO_TEST_CASE(only_what_the_conf_file_lists_is_installed) {
  install();
  world.laptop.conf(world.section("notes", "hooks = commit\n"));
  const Finished unwanted = hooks_tool({"status"});
  expect_exit(unwanted, 3);
  BOOST_TEST(contains(unwanted.out, "not in the conf file: post-checkout, post-merge, post-rewrite"), unwanted.out);
  install();
  BOOST_TEST(fs::exists(hooks / "post-commit"));
  for (const std::string name : {"post-merge", "post-checkout", "post-rewrite"}) BOOST_TEST(!fs::exists(hooks / name));
  expect_exit(hooks_tool({"status"}), 0);

  // Another server's project of the same folder wants more: neither takes away what the other one lists.
  world.laptop.conf(world.section("notes", "hooks = commit\n") +
                    "[git \"spare\"]\npath = ~/notes\nremote = spare\nurl = " + world.url("spare") +
                    "\nhooks = merge\n");
  for (int times = 0; times < 2; ++times) expect_exit(hooks_tool({"install", "--all"}), 0);
  BOOST_TEST(fs::exists(hooks / "post-commit"));
  BOOST_TEST(fs::exists(hooks / "post-merge"));
}

BOOST_AUTO_TEST_CASE(the_status_tells_what_is_installed) {
  const Finished none = hooks_tool({"status"});
  expect_exit(none, 0);
  BOOST_TEST(contains(none.out, "no hooks installed"), none.out);
  install();
  const Finished all = hooks_tool({"status"});
  expect_exit(all, 0);
  BOOST_TEST(contains(all.out, "post-commit, post-checkout, post-merge, post-rewrite in " + hooks.string()), all.out);
  fs::remove(hooks / "post-merge");
  fs::permissions(hooks / "post-commit", fs::perms(0644));
  const Finished some = hooks_tool({"status"});
  expect_exit(some, 3);
  BOOST_TEST(contains(some.out, "missing: post-merge"), some.out);
  BOOST_TEST(contains(some.out, "not executable: post-commit"), some.out);
  BOOST_TEST(contains(some.out, "sync-hooks install notes"), some.out);
}

BOOST_AUTO_TEST_CASE(without_a_project_the_one_of_this_folder_is_meant) {
  Command command = world.laptop.command("sync-hooks", {"install"});
  expect_exit(syncmanager::run(command, {}, std::chrono::minutes(1)), 2);  // the home folder is none
  command.folder = notes;
  expect_exit(syncmanager::run(command, {}, std::chrono::minutes(1)), 0);
  BOOST_TEST(fs::exists(hooks / "post-commit"));
  expect_exit(hooks_tool({}), 2);
  expect_exit(hooks_tool({"instal"}), 2);
}

BOOST_AUTO_TEST_CASE(future_clones_have_them_too) {
  const fs::path clone = world.laptop.project("clone");
  const auto make_clone = [&] {
    fs::remove_all(clone);
    world.laptop.git(world.path(), {"clone", "--quiet", bare, clone});
  };
  expect_exit(hooks_tool({"install", "--template"}), 0);
  BOOST_TEST(contains(hooks_tool({"status", "--template"}).out, "hooks for future clones are in"));
  make_clone();
  BOOST_TEST(events() == "");  // a clone comes from nothing
  commit(clone);
  BOOST_TEST(events() == "commit");
  expect_exit(hooks_tool({"uninstall", "--template"}), 0);
  BOOST_TEST(git(notes, {"config", "--global", "init.templateDir"}).status == 1);
  make_clone();
  BOOST_TEST(!fs::exists(clone / ".git/hooks/post-commit"));

  const fs::path own = world.laptop.home() / "my template";
  script(own / "hooks/post-commit", "#!/bin/sh\ntrue\n");
  world.laptop.git(notes, {"config", "--global", "init.templateDir", "~/my template"});
  const Tree before = tree(own);
  expect_exit(hooks_tool({"install", "--template"}), 0);
  make_clone();
  commit(clone);
  BOOST_TEST(events() == "commit");
  expect_exit(hooks_tool({"uninstall", "--template"}), 0);
  BOOST_TEST((tree(own) == before));
  BOOST_TEST(world.laptop.git(notes, {"config", "--global", "init.templateDir"}) == "~/my template");
}

BOOST_AUTO_TEST_CASE(without_a_systemd_the_line_for_cron_is_told) {
  // Where systemd runs, no timer of the test's may be left in it.
  if (fs::exists("/run/systemd/system")) return;
  const Finished run = hooks_tool({"install", "--timer"});
  expect_exit(run, 3);
  BOOST_TEST(contains(run.err, "systemd does not run here"), run.err);
  BOOST_TEST(contains(run.err, "*/15 * * * * "), run.err);
  BOOST_TEST(contains(run.err, "/sync-now --quiet\n"), run.err);
  expect_exit(hooks_tool({"uninstall", "--timer"}), 0);
  expect_exit(hooks_tool({"install", "--timer", "--json"}), 2);
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_told) {
  expect_exit(hooks_tool({}), 2);
  const Finished run = hooks_tool({"instal"});
  expect_exit(run, 2);
  BOOST_TEST(contains(run.err, "'instal' is none of install, uninstall, status"), run.err);
}

BOOST_AUTO_TEST_CASE(a_neighbour_like_git_lfs_gets_its_input_and_arguments) {
  script(notes / ".git/hooks/post-rewrite", "#!/bin/sh\n{ echo \"$@\"; cat; } >lfs\n");
  script(notes / ".git/hooks/post-checkout",
         "#!/bin/sh\ncommand -v git >/dev/null 2>&1 || exit 2\necho \"$#\" >arguments\n");
  expect_exit(hooks_tool({"install", "notes"}), 0);
  const std::string old = world.laptop.tip(notes, "HEAD");
  world.laptop.git(notes, {"commit", "--quiet", "--amend", "--message", "amended"});
  BOOST_TEST(content_of(notes / "lfs") == "amend\n" + old + " " + world.laptop.tip(notes, "HEAD") + "\n");
  world.laptop.git(notes, {"checkout", "--quiet", "branch-1"});
  BOOST_TEST(content_of(notes / "arguments") == "3\n");
  BOOST_TEST(events() == "checkout commit rewrite");
}

BOOST_AUTO_TEST_CASE(two_gits_that_take_turns_call_one_hook) {
  // One that says it is newer: it has hooks in its configuration.
  const fs::path newer = world.path() / "newer/git";
  Computer::write(newer,
                  "#!/bin/sh\n[ \"$1\" = --version ] || [ \"$3\" = --version ] || exec /usr/bin/git \"$@\"\n"
                  "echo git version 2.54.0\n");
  fs::permissions(newer, fs::perms::owner_all);
  const std::string path = "/usr/bin:/bin";
  world.laptop.set("PATH", newer.parent_path().string() + ":" + path);
  expect_exit(hooks_tool({"install", "notes"}), 0);
  BOOST_REQUIRE(contains(world.laptop.git(notes, {"config", "--local", "--list"}), "hook.sync-commit.event"));
  world.laptop.set("PATH", path);
  const Finished status = hooks_tool({"status", "notes"});
  BOOST_TEST(!contains(status.out, "no hooks installed"), status.out);  // another git calls them
  expect_exit(hooks_tool({"install", "notes"}), 0);
  BOOST_TEST(!contains(world.laptop.git(notes, {"config", "--local", "--list"}), "hook.sync-commit.event"));
}

BOOST_AUTO_TEST_CASE(a_hooks_folder_that_is_tracked_waits_for_a_person) {
  Computer::write(notes / ".githooks/post-commit", "#!/bin/sh\n");
  world.laptop.git(notes, {"add", "."});
  world.laptop.git(notes, {"commit", "--quiet", "-m", "hooks of all who work on it"});
  world.laptop.git(notes, {"config", "core.hooksPath", ".githooks"});
  expect_exit(hooks_tool({"install", "notes"}), 3);
  BOOST_TEST(world.laptop.git(notes, {"status", "--porcelain"}).empty());
}

BOOST_AUTO_TEST_CASE(a_hooks_folder_that_is_a_link_is_not_written_through) {
  const fs::path shared = world.path() / "shared";
  fs::create_directories(shared);
  fs::remove_all(notes / ".git/hooks");
  fs::create_directory_symlink(shared, notes / ".git/hooks");
  expect_exit(hooks_tool({"install", "notes"}), 3);
  BOOST_TEST(fs::is_empty(shared));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
