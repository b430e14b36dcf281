// Folders by Unison, with the real one on both sides.
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "folders.hpp"
#include "support/program.hpp"
#include "support/terminal.hpp"

namespace syncmanager::test {

namespace {

struct Documents : Folders {
  explicit Documents(const std::string& lines = {}) : Folders("unison", lines) {}

  /// In place of the built-in template.
  void write_template(const std::string& name, const std::string& lines) const {
    Computer::write(world.laptop.home() / ".sync-conf" / "unison-templates" / name,
                    "root = {{ local_path }}\nroot = {{ server_path }}\n" + lines);
  }

  /// A program of this name that stands before the real one on the laptop.
  [[nodiscard]] Computer with_program(const std::string& name, const std::string& script) const {
    const fs::path bin = world.path() / "bin";
    Computer::write(bin / name, "#!/bin/sh\n" + script);
    chmod((bin / name).c_str(), 0755);
    Computer laptop = world.laptop;
    laptop.set("PATH", bin.string() + ":/usr/bin:/bin");
    return laptop;
  }

  /// As a Unison that works on them does.
  void lock_archives() const {
    std::vector<fs::path> locks;
    for (const auto& entry : fs::directory_iterator(world.laptop.home() / ".unison")) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("ar")) locks.push_back(entry.path().parent_path() / ("lk" + name.substr(2)));
    }
    for (const fs::path& lock : locks) Computer::write(lock, "");
  }

  [[nodiscard]] std::multiset<std::string> kept_here() const {
    return contents_in(world.laptop.home() / ".unison" / "backup");
  }
  [[nodiscard]] std::multiset<std::string> kept_there() const {
    return contents_in(world.server.home() / ".unison" / "backup");
  }
};

using Names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(unison)

BOOST_FIXTURE_TEST_CASE(syncs_both_ways_and_deletes_what_was_deleted, Documents) {
  begin_with({{"a", "1"}, {"b", "2"}, {"c/d", "3"}});
  expect_tree(there, tree_of(here));
  fs::remove(here / "a");
  fs::remove(there / "b");
  Computer::write(here / "new here", "x");
  Computer::write(there / "new there", "y");
  const Json files = project("sync-now", 0).at("files");
  expect_tree(here, Tree{{"c", "/"}, {"c/d", "3"}, {"new here", "x"}, {"new there", "y"}});
  expect_tree(there, tree_of(here));
  BOOST_TEST(files.at("local").at("copied") == 1);
  BOOST_TEST(files.at("local").at("deleted") == 1);
  BOOST_TEST(files.at("server").at("copied") == 1);
  BOOST_TEST(files.at("server").at("deleted") == 1);
  BOOST_TEST(kept_here().count("2") == 1U);
  BOOST_TEST(kept_there().count("1") == 1U);
  const Finished again = world.laptop.run("sync-now");
  BOOST_TEST(contains(again.out, "1 project in sync"), again.out);
}

BOOST_FIXTURE_TEST_CASE(a_pull_changes_nothing_there_and_a_push_nothing_here, Documents) {
  begin_with({{"a", "1"}, {"gone here", "2"}, {"gone there", "3"}});
  fs::remove(here / "gone here");
  fs::remove(there / "gone there");
  Computer::write(here / "new here", "x");
  Computer::write(there / "new there", "y");
  const Tree there_before = tree_of(there);
  const Json pulled = project("sync-pull", 0);
  expect_tree(there, there_before);
  BOOST_TEST(content_of(here / "new there") == "y");
  BOOST_TEST(!fs::exists(here / "gone there"));
  BOOST_TEST(pulled.at("files").at("server").at("copied") == 0);
  BOOST_TEST(pulled.at("message").is_null());
  Computer::write(there / "newer there", "z");
  const Tree here_before = tree_of(here);
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_tree(here, here_before);
  BOOST_TEST(content_of(there / "new here") == "x");
  BOOST_TEST(!fs::exists(there / "gone here"));
}

BOOST_FIXTURE_TEST_CASE(names_conflicts_and_leaves_both_sides, Documents) {
  begin_with({{"a", "1"}, {"b\nc", "1"}, {"same", "1"}});
  for (const std::string& name : {std::string("a"), std::string("b\nc")}) {
    Computer::write(here / name, "mine");
    Computer::write(there / name, "theirs");
  }
  Computer::write(here / "same", "both");
  Computer::write(there / "same", "both");
  const Json project = this->project("sync-now", 3);
  BOOST_TEST((project.at("files").at("conflicts").get<Names>() == Names{"a", "b\nc"}),
             project.at("files").at("conflicts").dump());
  BOOST_TEST(project.at("outcome") == "attention");
  BOOST_TEST(content_of(here / "a") == "mine");
  BOOST_TEST(content_of(there / "a") == "theirs");
  const Finished status = world.laptop.run("sync-status");
  expect_exit(status, 3);
  BOOST_TEST(contains(status.out, "2 files changed on both sides"), status.out);
}

BOOST_FIXTURE_TEST_CASE(force_takes_one_side_and_keeps_the_other, Documents) {
  begin_with({{"a", "1"}});
  Computer::write(here / "a", "mine");
  Computer::write(there / "a", "theirs");
  Computer::write(here / "only here", "x");
  expect_exit(world.laptop.run("sync-pull", {"--force"}), 0);
  BOOST_TEST(content_of(here / "a") == "theirs");
  BOOST_TEST(kept_here().count("mine") == 1U);
  BOOST_TEST(content_of(here / "only here") == "x");
  Computer::write(here / "a", "mine again");
  Computer::write(there / "a", "theirs again");
  expect_exit(world.laptop.run("sync-push", {"--force"}), 0);
  BOOST_TEST(content_of(there / "a") == "mine again");
  BOOST_TEST(kept_there().count("theirs again") == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_first_sync_of_two_filled_roots_deletes_nothing, Documents) {
  Computer::write(here / "same", "1");
  Computer::write(there / "same", "1");
  Computer::write(here / "mine", "x");
  Computer::write(there / "theirs", "y");
  Computer::write(here / "other", "mine");
  Computer::write(there / "other", "theirs");
  const Json project = this->project("sync-now", 3);
  BOOST_TEST((project.at("files").at("conflicts").get<Names>() == Names{"other"}));
  BOOST_TEST(content_of(there / "mine") == "x");
  BOOST_TEST(content_of(here / "theirs") == "y");
}

BOOST_FIXTURE_TEST_CASE(a_moved_root_is_synced_anew_without_a_loss, Documents) {
  begin_with({{"a", "1"}, {"b", "2"}});
  const fs::path moved = world.laptop.project("moved");
  fs::rename(here, moved);
  Computer::write(moved / "c", "3");
  fs::remove(there / "b");
  world.laptop.conf(fmt::format("[unison \"photos\"]\npath = ~/moved\nurl = {}\n", url()));
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_tree(there, Tree{{"a", "1"}, {"b", "2"}, {"c", "3"}});
  expect_tree(moved, tree_of(there));
}

BOOST_FIXTURE_TEST_CASE(a_lost_memory_deletes_nothing_and_stops_nobody, Documents) {
  begin_with({{"a", "1"}, {"b", "2"}});
  fs::remove_all(world.server.home() / ".unison");
  fs::remove(here / "b");
  const Finished dry = world.laptop.run("sync-now", {"-n"});
  expect_exit(dry, 0);
  BOOST_TEST(contains(dry.out, "the next run will delete nothing"), dry.out);
  const Finished run = world.laptop.run("sync-now");
  expect_exit(run, 0);
  BOOST_TEST(contains(run.out, "Unison had lost its memory"), run.out);
  expect_tree(here, Tree{{"a", "1"}, {"b", "2"}});
  fs::remove(here / "b");
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_tree(there, Tree{{"a", "1"}});
}

BOOST_FIXTURE_TEST_CASE(a_side_that_has_lost_everything_is_neither_filled_nor_copied, Documents) {
  begin_with({{"a", "1"}});
  const Tree full = tree_of(there);
  fs::rename(here, world.laptop.project("unmounted"));
  for (const std::string tool : {"sync-now", "sync-pull", "sync-push"}) {
    expect_exit(world.laptop.run(tool), 3);
    BOOST_TEST(!fs::exists(here));
    fs::create_directory(here);
    expect_exit(world.laptop.run(tool), 3);
    BOOST_TEST(fs::is_empty(here));
    fs::remove(here);
    expect_tree(there, full);
  }
  fs::rename(world.laptop.project("unmounted"), here);
  fs::rename(there, world.server.home() / "unmounted");
  expect_exit(world.laptop.run("sync-now"), 3);
  expect_tree(here, full);
  fs::rename(world.server.home() / "unmounted", there);
  expect_exit(world.laptop.run("sync-now"), 0);
}

BOOST_FIXTURE_TEST_CASE(an_emptied_root_empties_the_other_one_only_where_that_is_said, Documents) {
  begin_with({{"a", "1"}, {"b", "2"}});
  const Tree full = tree_of(there);
  fs::remove(here / "a");
  fs::remove(here / "b");
  const Finished forced = world.laptop.run("sync-push", {"--force"});
  expect_exit(forced, 3);
  BOOST_TEST(contains(forced.out, "--allow-mass-deletion"), forced.out);
  expect_tree(there, full);
  expect_exit(world.laptop.run("sync-push", {"--force", "--allow-mass-deletion"}), 0);
  expect_tree(there, Tree());
  BOOST_TEST(kept_there().size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(the_old_programs_lines_and_templates_work_unchanged, Documents) {
  write_template("mine.prf", "ignore = Name *.bak\n");
  world.laptop.conf(fmt::format("[unison]\n~/photos {}\n~/other\tssh://server/below/home mine\n", url()));
  Computer::write(here / "a", "1");
  Computer::write(world.laptop.project("other") / "b", "2");
  Computer::write(world.laptop.project("other") / "b.bak", "3");
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(content_of(there / "a") == "1");
  expect_tree(world.server.home() / "below" / "home", Tree{{"b", "2"}});
}

BOOST_FIXTURE_TEST_CASE(the_users_template_decides_and_a_bad_one_stops_only_its_project, Documents) {
  write_template("sm_default.prf", "ignore = Name secret\nsilent = true\nterse = true\nrepeat = watch\n");
  Computer::write(here / "secret", "1");
  begin_with({{"a", "1"}});
  expect_tree(there, Tree{{"a", "1"}});
  Computer::write(here / "b", "2");
  BOOST_TEST(project("sync-now", 0).at("files").at("server").at("copied") == 1);
  write_template("sm_default.prf", "no such thing\n");
  const Finished wrong = world.laptop.run("sync-now");
  expect_exit(wrong, 1);
  BOOST_TEST(contains(wrong.out, "no such thing"), wrong.out);
  conf("profile = absent\n");
  const Finished absent = world.laptop.run("sync-now");
  expect_exit(absent, 1);
  BOOST_TEST(contains(absent.out, "there is no template 'absent' for Unison"), absent.out);
  write_template("sm_default.prf", "");
  chmod((world.laptop.home() / ".sync-conf" / "unison-templates" / "sm_default.prf").c_str(), 0666);
  conf("");
  const Finished open = world.laptop.run("sync-now");
  expect_exit(open, 1);
  BOOST_TEST(contains(open.out, "others can write it"), open.out);
}

BOOST_FIXTURE_TEST_CASE(leaves_out_what_the_conf_file_says_and_repositories, Documents) {
  conf("ignore = Name *.tmp, Path cache, !Name keep.tmp\n");
  Computer::write(here / "x.tmp", "1");
  Computer::write(here / "keep.tmp", "2");
  Computer::write(here / "cache" / "y", "3");
  Computer::write(here / "code" / ".git" / "HEAD", "4");
  Computer::write(here / "code" / "main.c", "5");
  const Finished first = world.laptop.run("sync-now");
  expect_exit(first, 0);
  BOOST_TEST(contains(first.out, "code/.git is not copied"), first.out);
  expect_tree(there, Tree{{"code", "/"}, {"code/main.c", "5"}, {"keep.tmp", "2"}});
  BOOST_TEST(!contains(world.laptop.run("sync-now").out, ".git"));
  conf("ignore = !Name .git\n");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(content_of(there / "code" / ".git" / "HEAD") == "4");
}

BOOST_FIXTURE_TEST_CASE(files_may_have_any_name, Documents) {
  Tree files;
  for (const std::string& name :
       {std::string("with space"), std::string("line\nfeed"), std::string("quote ' \" `x` $HOME"), std::string("-dash"),
        std::string("bad\xff"), std::string("é"), std::string("a:b"), std::string("*"), std::string("x from y to z"),
        std::string("  skipped: a (x)"), std::string("tab\t"), std::string("\x1b[31mred")}) {
    files[name] = "content of it";
  }
  begin_with(files);
  expect_tree(there, files);
  expect_exit(world.desktop.run("sync-pull"), 0);
  expect_tree(other, files);
}

BOOST_FIXTURE_TEST_CASE(a_dry_run_changes_nothing_and_tells_all, Documents) {
  begin_with({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  fs::remove(here / "a");
  Computer::write(here / "new", "x");
  Computer::write(there / "b", "changed");
  Computer::write(here / "c", "mine");
  Computer::write(there / "c", "theirs");
  const Tree here_before = tree_of(here);
  const Tree there_before = tree_of(there);
  const Json now = project("sync-now", 3, {"-n"});
  expect_tree(here, here_before);
  expect_tree(there, there_before);
  BOOST_TEST(now.at("files").at("server").at("copied") == 1);
  BOOST_TEST(now.at("files").at("server").at("deleted") == 1);
  BOOST_TEST(now.at("files").at("local").at("copied") == 1);
  BOOST_TEST((now.at("files").at("conflicts").get<Names>() == Names{"c"}));
  BOOST_TEST(project("sync-pull", 3, {"-n"}).at("files").at("server").at("copied") == 0);
  const Json forced = project("sync-pull", 0, {"-n", "--force"});
  BOOST_TEST(forced.at("files").at("local").at("copied") == 2);
  BOOST_TEST(forced.at("files").at("conflicts").empty());
  expect_tree(here, here_before);
}

BOOST_FIXTURE_TEST_CASE(a_template_that_merges_does_so_only_where_both_sides_may_change, Documents) {
  const std::string rule = "merge = Name * -> cat CURRENT1 CURRENT2 > NEW\nbackupcurrent = Name *\n";
  write_template("sm_default.prf", rule);
  begin_with({{"a", "1"}});
  Computer::write(here / "a", "mine\n");
  Computer::write(there / "a", "theirs\n");
  const auto expect_left = [&](const std::string& tool, const std::vector<std::string>& options) {
    const Finished finished = world.laptop.run(tool, options);
    BOOST_TEST(contains(finished.out, "changed on both sides"), finished.out);
    BOOST_TEST(content_of(here / "a") == "mine\n");
    BOOST_TEST(content_of(there / "a") == "theirs\n");
  };
  expect_left("sync-now", {"--dry-run"});
  expect_left("sync-pull", {});
  expect_left("sync-push", {});
  Computer::write(world.laptop.home() / ".unison" / "rules", rule);
  write_template("sm_default.prf", "include rules\n");
  expect_left("sync-now", {"--dry-run"});
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(content_of(here / "a") == "mine\ntheirs\n");
  BOOST_TEST(content_of(there / "a") == "mine\ntheirs\n");
}

BOOST_FIXTURE_TEST_CASE(a_path_of_this_computer_is_another_side_too, Documents) {
  const fs::path disk = world.path() / "disk" / "photos";
  for (const std::string roots :
       {"root = {{ local_path }}\nroot = {{ server_path }}\n", "root = {{ server_path }}\nroot = {{ local_path }}\n"}) {
    Computer::write(world.laptop.home() / ".sync-conf" / "unison-templates" / "mine.prf", roots);
    world.laptop.conf(fmt::format("[unison \"photos\"]\npath = ~/photos\nurl = {}\nprofile = mine\n", disk.string()));
    Computer::write(here / "a", roots);
    const Json files = project("sync-now", 0).at("files");
    BOOST_TEST(files.at("server").at("copied") == 1, files.dump());
    BOOST_TEST(files.at("local").at("copied") == 0, files.dump());
    expect_tree(disk, Tree{{"a", roots}});
  }
  BOOST_TEST(world.server.connections() == 0);
}

BOOST_FIXTURE_TEST_CASE(versions_that_do_not_fit_are_told_before_anything_happens, Documents) {
  const Computer old =
      with_program("unison", "if test \"$1\" = -version; then echo unison version 2.40.102; else exit 9; fi\n");
  Computer::write(here / "a", "1");
  const Finished run = old.run("sync-now");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "Unison 2.40.102 here and Unison 2."), run.out);
  write_template("sm_default.prf", "servercmd = no-such-unison\n");
  const Finished missing = world.laptop.run("sync-now");
  expect_exit(missing, 1);
  BOOST_TEST(contains(missing.out, "there is no no-such-unison on the server"), missing.out);
  BOOST_TEST(!fs::exists(there));
}

BOOST_FIXTURE_TEST_CASE(the_locks_of_a_killed_run_hold_up_nobody, Documents) {
  begin_with({{"a", "1"}});
  const fs::path go = world.path() / "go";
  const Computer laptop = with_program(
      "unison", fmt::format("if test \"$1\" = -version; then exec /usr/bin/unison \"$@\"; fi\ntouch {0}.begun\n"
                            "while ! test -e {0}; do sleep 0.02; done\n",
                            go.string()));
  {
    const Command command = laptop.command("sync-now", {});
    Program killed(command.argv, world.path() / "killed.out", command.environment);
    wait_until([&] { return fs::exists(go.string() + ".begun"); }, "Unison to begin");
    kill(killed.pid(), SIGKILL);
    killed.wait();
  }
  expect_exit(world.laptop.run("sync-now", {"--lock-timeout", "0"}), 6);
  lock_archives();  // as Unison itself would have left them
  Computer::write(go, "");
  Computer::write(here / "b", "2");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(content_of(there / "b") == "2");
  lock_archives();  // as somebody else who works there
  const Finished held = world.laptop.run("sync-now");
  expect_exit(held, 6);
  BOOST_TEST(contains(held.out, "the archives are locked"), held.out);
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_run_ends_at_once_and_the_next_one_succeeds, Documents) {
  begin_with({{"a", "1"}});
  const Computer laptop = with_program(
      "unison",
      fmt::format("if test \"$1\" = -version; then exec /usr/bin/unison \"$@\"; fi\ntouch {}\nexec /bin/sleep 60\n",
                  (world.path() / "begun").string()));
  const Command command = laptop.command("sync-now", {});
  Program interrupted(command.argv, world.path() / "interrupted.out", command.environment);
  wait_until([&] { return fs::exists(world.path() / "begun"); }, "Unison to begin");
  kill(interrupted.pid(), SIGINT);
  BOOST_TEST(interrupted.wait() == 128 + SIGINT);
  expect_exit(world.laptop.run("sync-now", {"--lock-timeout", "0"}), 0);
}

BOOST_FIXTURE_TEST_CASE(a_server_that_is_away_is_offline, Documents) {
  begin_with({{"a", "1"}});
  world.server.stop();
  expect_exit(world.laptop.run("sync-now", {"--timeout", "2"}), 4);
  world.server.start();
  expect_exit(world.laptop.run("sync-now"), 0);
}

BOOST_FIXTURE_TEST_CASE(tells_how_far_it_is_on_a_terminal, Documents) {
  Computer::write(here / "big", std::string(1'000'000, 'x'));
  // Something is drawn only after a second.
  const Computer laptop = with_program("unison", "/usr/bin/unison \"$@\" | { cat; sleep 1.5; }\n");
  const Finished run = run_on_terminal(laptop.command("sync-push", {}), {});
  expect_exit(run, 0);
  BOOST_TEST(contains(run.out, "copying"), run.out);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
