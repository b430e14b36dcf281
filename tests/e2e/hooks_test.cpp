// sync-hooks with real git: what is installed arrives, what was there goes on working, and all of it goes again.
#include <csignal>
#include <filesystem>
#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include "background.hpp"
#include "expect.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// A project that is cloned. The server is away afterwards: what hooks queue stays, and can be counted.
struct World : Sandbox {
  fs::path notes = laptop.project("notes");

  World() {
    add_repository("notes", {.branches = 2});
    laptop.conf(section("notes"));
    expect_exit(laptop.run("sync-pull"), 0);
    server.stop();
  }
  ~World() {
    // Workers wait for the server.
    for (const pid_t worker : processes_with("libexec/syncmanager/worker")) {
      const std::string variables = content_of(fmt::format("/proc/{}/environ", worker));
      if (contains(variables, "HOME=" + laptop.home().string() + '\0')) kill(worker, SIGKILL);
    }
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] Finished hooks(const Arguments& arguments) const { return laptop.run("sync-hooks", arguments); }

  /// The events that wait, in the order of their names: "checkout commit".
  [[nodiscard]] std::string events() const {
    std::set<std::string> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(queue_of(laptop), none)) {
      const std::string text = content_of(entry.path());
      found.insert(text.substr(0, text.find(' ')));
    }
    return fmt::format("{}", fmt::join(found, " "));
  }
  /// The repositories for which something waits.
  [[nodiscard]] std::set<std::string> repositories() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(queue_of(laptop))) {
      const std::string text = content_of(entry.path());
      found.insert(text.substr(text.find('/'), text.size() - text.find('/') - 1));
    }
    return found;
  }
};

void make_executable(const fs::path& path, const std::string& text) {
  Computer::write(path, text);
  fs::permissions(path, fs::perms::owner_all);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks)

BOOST_AUTO_TEST_CASE(all_four_events_arrive_and_no_others) {
  const World world;
  expect_exit(world.hooks({"install", "notes"}), 0);
  BOOST_TEST(world.events() == "");
  world.laptop.git(world.notes, {"switch", "--quiet", "--create", "topic"});
  BOOST_TEST(world.events() == "checkout");
  world.laptop.commit(world.notes, "a.txt", "a\n");
  BOOST_TEST(world.events() == "checkout commit");
  world.laptop.git(world.notes, {"switch", "--quiet", "main"});
  world.laptop.git(world.notes, {"merge", "--quiet", "topic"});
  BOOST_TEST(world.events() == "checkout commit merge");
  world.laptop.git(world.notes, {"commit", "--quiet", "--amend", "--no-edit"});
  BOOST_TEST(world.events() == "checkout commit merge rewrite");
}

BOOST_AUTO_TEST_CASE(only_the_events_of_the_conf_file_have_hooks) {
  World world;
  world.laptop.conf(world.section("notes", "hooks = commit, merge\n"));
  expect_exit(world.hooks({"install", "--all"}), 0);
  BOOST_TEST(fs::exists(world.notes / ".git/hooks/post-merge"));
  BOOST_TEST(!fs::exists(world.notes / ".git/hooks/post-checkout"));
  world.laptop.conf(world.section("notes", "hooks = checkout\n"));
  expect_exit(world.hooks({"status"}), 3);
  const Finished again = world.hooks({"install", "notes"});
  expect_exit(again, 0);
  BOOST_TEST(contains(again.out, "removed: post-commit, post-merge from "), again.out);
  BOOST_TEST(fs::exists(world.notes / ".git/hooks/post-checkout"));
  BOOST_TEST(!fs::exists(world.notes / ".git/hooks/post-merge"));
}

BOOST_AUTO_TEST_CASE(again_changes_nothing_and_uninstall_leaves_nothing) {
  const World world;
  const Snapshot before = snapshot(world.notes / ".git/hooks");
  expect_exit(world.hooks({"install", "notes"}), 0);
  const Snapshot installed = snapshot(world.notes / ".git");
  const Finished again = world.hooks({"install", "notes"});
  expect_exit(again, 0);
  BOOST_TEST(again.out.starts_with("1 project with hooks as the conf files say ("), again.out);
  BOOST_TEST(differences(installed, snapshot(world.notes / ".git")) == "");
  expect_exit(world.hooks({"uninstall", "-n", "notes"}), 0);
  BOOST_TEST(differences(installed, snapshot(world.notes / ".git")) == "");
  expect_exit(world.hooks({"uninstall", "notes"}), 0);
  BOOST_TEST(differences(before, snapshot(world.notes / ".git/hooks")) == "");
  world.laptop.commit(world.notes, "a.txt", "a\n");
  BOOST_TEST(world.events() == "");
}

BOOST_AUTO_TEST_CASE(worktrees_bare_repositories_and_submodules_have_hooks) {
  World world;
  world.laptop.git(world.notes, {"worktree", "add", "--quiet", "../linked", "branch-1"});
  world.laptop.git(world.laptop.home(), {"clone", "--quiet", "--bare", world.bare("notes").string(), "bare.git"});
  world.laptop.git(world.laptop.project("bare.git"), {"worktree", "add", "--quiet", "../of-bare", "main"});
  world.laptop.git(world.laptop.home(), {"init", "--quiet", "outer"});
  world.laptop.git(world.laptop.project("outer"), {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                                                   world.bare("notes").string(), "inner"});
  std::string conf = world.section("linked") + world.section("bare");
  conf += "[git \"inner\"]\npath = ~/outer/inner\nurl = " + world.url("notes") + "\n";
  world.laptop.conf(conf.replace(conf.find("~/bare"), 6, "~/bare.git"));
  expect_exit(world.hooks({"install", "--all"}), 0);
  for (const std::string folder : {"linked", "of-bare", "outer/inner"}) {
    world.laptop.commit(world.laptop.project(folder), "a.txt", folder + "\n");
  }
  const fs::path home = fs::canonical(world.laptop.home());
  const std::set<std::string> expected = {home / "notes/.git", home / "bare.git", home / "outer/.git/modules/inner"};
  BOOST_TEST((world.repositories() == expected));
}

BOOST_AUTO_TEST_CASE(husky_finds_its_files_still) {
  const World world;
  // As husky lays it out: the repository's own core.hooksPath, and scripts that look for the others by $0.
  const fs::path husky = world.notes / ".husky";
  make_executable(husky / "_/post-commit", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n");
  Computer::write(husky / "_/h", "n=$(basename \"$0\")\ns=$(dirname \"$(dirname \"$0\")\")/$n\nsh -e \"$s\" \"$@\"\n");
  Computer::write(husky / "post-commit", "echo \"husky ran $n\" >ran\n");
  world.laptop.git(world.notes, {"config", "core.hooksPath", ".husky/_"});
  const std::string before = content_of(husky / "_/post-commit");
  expect_exit(world.hooks({"install", "notes"}), 0);
  BOOST_TEST(!fs::exists(world.notes / ".git/hooks/post-commit"));
  world.laptop.commit(world.notes, "a.txt", "a\n");
  BOOST_TEST(contains(content_of(world.notes / "ran"), "husky ran "));
  BOOST_TEST(world.events() == "commit");
  expect_exit(world.hooks({"uninstall", "notes"}), 0);
  BOOST_TEST(content_of(husky / "_/post-commit") == before);
  BOOST_TEST(!fs::exists(husky / "_/post-merge"));
}

BOOST_AUTO_TEST_CASE(a_neighbour_like_git_lfs_gets_its_input_and_arguments) {
  const World world;
  make_executable(world.notes / ".git/hooks/post-rewrite", "#!/bin/sh\n{ echo \"$@\"; cat; } >lfs\n");
  make_executable(world.notes / ".git/hooks/post-checkout",
                  "#!/bin/sh\ncommand -v git >/dev/null 2>&1 || exit 2\necho \"$#\" >arguments\n");
  expect_exit(world.hooks({"install", "notes"}), 0);
  const std::string old = world.laptop.tip(world.notes, "HEAD");
  world.laptop.git(world.notes, {"commit", "--quiet", "--amend", "--message", "amended"});
  BOOST_TEST(content_of(world.notes / "lfs") == "amend\n" + old + " " + world.laptop.tip(world.notes, "HEAD") + "\n");
  world.laptop.git(world.notes, {"checkout", "--quiet", "branch-1"});
  BOOST_TEST(content_of(world.notes / "arguments") == "3\n");
  BOOST_TEST(world.events() == "checkout commit rewrite");
}

BOOST_AUTO_TEST_CASE(a_hooks_folder_of_the_users_is_never_written_to) {
  const World world;
  const fs::path theirs = world.path() / "theirs";
  make_executable(theirs / "post-commit", "#!/bin/sh\n");
  const Snapshot before = snapshot(theirs);
  world.laptop.git(world.notes, {"config", "--global", "core.hooksPath", theirs.string()});
  const Finished run = world.hooks({"install", "notes"});
  expect_exit(run, 3);
  BOOST_TEST(contains(run.out, "git looks for its hooks in " + theirs.string()), run.out);
  BOOST_TEST(contains(run.out, "core.hooksPath in file:" + world.laptop.home().string() + "/.gitconfig"), run.out);
  const std::string command =
      "git -C " + world.notes.string() + " config core.hooksPath " + (world.notes / ".git/hooks").string();
  BOOST_TEST(contains(run.out, command), run.out);
  BOOST_TEST(differences(before, snapshot(theirs)) == "");
  BOOST_TEST(!fs::exists(world.notes / ".git/hooks/post-commit"));
  expect_exit(world.hooks({"status"}), 3);
  // What the hint says works.
  world.laptop.git(world.notes, {"config", "core.hooksPath", (world.notes / ".git/hooks").string()});
  expect_exit(world.hooks({"install", "notes"}), 0);
  world.laptop.commit(world.notes, "a.txt", "a\n");
  BOOST_TEST(world.events() == "commit");
}

BOOST_AUTO_TEST_CASE(future_clones_get_them_from_gits_template) {
  World world;
  world.server.start();
  expect_exit(world.hooks({"install", "--template"}), 0);
  const fs::path folder = world.laptop.home() / ".config/syncmanager/git-template";
  BOOST_TEST(world.laptop.git(world.notes, {"config", "--global", "init.templateDir"}) == folder.string());
  world.laptop.git(world.laptop.home(), {"clone", "--quiet", world.bare("notes").string(), "by-git"});
  BOOST_TEST(world.events() == "");  // a clone is nothing to sync
  BOOST_TEST(fs::exists(world.laptop.project("by-git") / ".git/hooks/post-commit"));
  world.add_repository("more");
  world.laptop.conf(world.section("more"), "more.conf");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(fs::exists(world.laptop.project("more") / ".git/hooks/post-commit"));
  expect_exit(world.hooks({"uninstall", "--template"}), 0);
  BOOST_TEST(!fs::exists(folder));
  BOOST_CHECK_THROW(world.laptop.git(world.notes, {"config", "--global", "init.templateDir"}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_template_folder_of_the_users_is_used_and_given_back) {
  const World world;
  const fs::path theirs = world.laptop.home() / "template";
  make_executable(theirs / "hooks/post-commit", "#!/bin/sh\necho mine\n");
  const std::string before = content_of(theirs / "hooks/post-commit");
  world.laptop.git(world.notes, {"config", "--global", "init.templateDir", "~/template"});
  expect_exit(world.hooks({"install", "--template"}), 0);
  BOOST_TEST(contains(content_of(theirs / "hooks/post-commit"), "enqueue"));
  expect_exit(world.hooks({"uninstall", "--template"}), 0);
  BOOST_TEST(content_of(theirs / "hooks/post-commit") == before);
  BOOST_TEST(!fs::exists(theirs / "hooks/post-merge"));
  BOOST_TEST(world.laptop.git(world.notes, {"config", "--global", "init.templateDir"}) == "~/template");
}

BOOST_AUTO_TEST_CASE(a_read_only_folder_is_told) {
  const World world;
  const fs::path folder = world.notes / ".git/hooks";
  fs::remove_all(folder);
  Computer::write(folder, "no folder\n");
  const Finished run = world.hooks({"install", "notes"});
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "cannot make " + folder.string()), run.out);
}

BOOST_AUTO_TEST_CASE(status_tells_what_is_there) {
  World world;
  Finished status = world.hooks({"status"});
  expect_exit(status, 0);
  BOOST_TEST(status.out.starts_with("notes  no hooks installed\ntimer  "), status.out);
  expect_exit(world.hooks({"install", "notes"}), 0);
  status = world.hooks({"status"});
  expect_exit(status, 0);
  BOOST_TEST(status.out.starts_with("notes  post-commit, post-checkout, post-merge, post-rewrite in "), status.out);
  fs::remove(world.notes / ".git/hooks/post-commit");
  status = world.hooks({"status"});
  expect_exit(status, 3);
  BOOST_TEST(contains(status.out, "missing, outdated or switched off: post-commit in "), status.out);
  BOOST_TEST(contains(status.out, "sync-hooks install notes"), status.out);
}

BOOST_AUTO_TEST_CASE(without_a_systemd_the_line_for_cron_is_told) {
  // Where systemd runs, no timer of the test's may be left in it.
  if (fs::exists("/run/systemd/system")) return;
  const World world;
  const Finished run = world.hooks({"install", "--timer"});
  expect_exit(run, 3);
  BOOST_TEST(contains(run.err, "systemd does not run here"), run.err);
  BOOST_TEST(contains(run.err, "*/15 * * * * "), run.err);
  BOOST_TEST(contains(run.err, "/sync-now --quiet\n"), run.err);
  expect_exit(world.hooks({"uninstall", "--timer"}), 0);
  expect_exit(world.hooks({"install", "--timer", "--json"}), 2);
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_told) {
  const World world;
  expect_exit(world.hooks({}), 2);
  const Finished run = world.hooks({"instal"});
  expect_exit(run, 2);
  BOOST_TEST(contains(run.err, "'instal' is none of install, uninstall, status"), run.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
