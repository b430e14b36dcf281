// Folders by rsync, with the real one on both sides.
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "folders.hpp"
#include "support/faulty_line.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/terminal.hpp"

namespace syncmanager::test {

namespace {

struct Photos : Folders {
  explicit Photos(const std::string& lines = {}) : Folders("rsync", lines) {}

  /// The laptop's rsync is a shell script from now on.
  void rsync_by(const std::string& script) {
    const fs::path bin = world.path() / "bin";
    Computer::write(bin / "rsync", "#!/bin/sh\n" + script);
    chmod((bin / "rsync").c_str(), 0755);
    world.laptop.set("PATH", bin.string() + ":/usr/bin:/bin");
  }
};

/// Of a shell script: as rsync ends where its ssh says that the line is cut.
constexpr std::string_view cut = "echo 'Connection to server closed by remote host.' >&2; exit 255";

int count_of(const std::string& text, const std::string& words) {
  int count = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rsync)

BOOST_FIXTURE_TEST_CASE(brings_new_files_both_ways_and_names_what_it_did, Photos) {
  Computer::write(here / "a" / "one.jpg", "1");
  Computer::write(there / "two.jpg", "2");
  const Json project = this->project("sync-now", 0);
  expect_tree(here, Tree{{"a", "/"}, {"a/one.jpg", "1"}, {"two.jpg", "2"}});
  expect_tree(there, tree_of(here));
  BOOST_TEST(project.at("files").at("copied") == 2);
  BOOST_TEST(project.at("files").at("local").at("copied") == 1);
  BOOST_TEST(project.at("files").at("server").at("copied") == 1);
  BOOST_TEST(project.at("remote").is_null());
  const Finished again = world.laptop.run("sync-now");
  BOOST_TEST(contains(again.out, "1 project in sync"), again.out);
}

BOOST_FIXTURE_TEST_CASE(the_newer_file_wins_and_the_other_one_is_kept, Photos) {
  begin_with({{"mine", "old"}, {"theirs", "old"}});
  Computer::write(here / "mine", "newer here");
  Computer::write(there / "mine", "older there");
  set_age(there / "mine", -100);
  Computer::write(here / "theirs", "older here");
  set_age(here / "theirs", -100);
  Computer::write(there / "theirs", "newer there");
  const Json files = project("sync-now", 0).at("files");
  BOOST_TEST(content_of(there / "mine") == "newer here");
  BOOST_TEST(content_of(here / "theirs") == "newer there");
  BOOST_TEST(files.at("local").at("replaced") == 1);
  BOOST_TEST(files.at("server").at("replaced") == 1);
  const std::string backup = files.at("backup").get<std::string>();
  BOOST_TEST(backup.starts_with(".sync-backup/20"), backup);
  BOOST_TEST(content_of(here / backup / "theirs") == "older here");
  BOOST_TEST(content_of(there / backup / "mine") == "older there");
}

BOOST_FIXTURE_TEST_CASE(a_pull_changes_nothing_there_and_a_push_nothing_here, Photos) {
  begin_with({{"a", "1"}});
  Computer::write(here / "new here", "x");
  Computer::write(there / "new there", "y");
  const Tree there_before = tree_of(there);
  expect_exit(world.laptop.run("sync-pull"), 0);
  expect_tree(there, there_before);
  BOOST_TEST(content_of(here / "new there") == "y");
  Computer::write(there / "newer there", "z");
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(content_of(there / "new here") == "x");
  BOOST_TEST(!fs::exists(here / "newer there"));
}

BOOST_FIXTURE_TEST_CASE(two_computers_meet_in_the_servers_folder, Photos) {
  begin_with({{"a", "1"}});
  expect_exit(world.desktop.run("sync-pull"), 0);
  Computer::write(other / "b", "2");
  expect_exit(world.desktop.run("sync-push"), 0);
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_tree(here, tree_of(other));
  BOOST_TEST(!fs::exists(here / ".sync-backup" / "temp" / "b"));
}

BOOST_FIXTURE_TEST_CASE(files_may_have_any_name, Photos) {
  Tree files;
  for (const std::string& name :
       {std::string("with space"), std::string("line\nfeed"), std::string("quote ' \" `x` $HOME"), std::string("-dash"),
        std::string("--delete"), std::string("bad\xff"), std::string("é"), std::string("\\#012"), std::string("a:b"),
        std::string("*"), std::string("@>f+++++++++ 1 x"), std::string("tab\t"), std::string("\x1b[31mred")}) {
    files[name] = "content of it";
  }
  begin_with(files);
  expect_tree(there, files);
  expect_exit(world.desktop.run("sync-pull"), 0);
  expect_tree(other, files);
  Computer::write(there / "\x1b[31mnew", "x");
  const Finished run = world.laptop.run("sync-pull", {"-v"});
  BOOST_TEST(!contains(run.out, "\x1b[31mnew"), run.out);
  BOOST_TEST(contains(run.out, "\\x1b[31mnew"), run.out);
}

BOOST_AUTO_TEST_CASE(folders_may_have_any_name) {
  const Sandbox world;
  const std::string odd = "it's a [folder]* $HOME";
  const fs::path there = world.server.home() / odd;
  const fs::path here = world.laptop.project("my photos'");
  world.laptop.conf(fmt::format("[rsync \"p\"]\npath = {}\nurl = server:{}\n", here.string(), odd));
  Computer::write(here / "a", "1");
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_tree(there, Tree{{"a", "1"}});
}

BOOST_AUTO_TEST_CASE(a_path_of_this_computer_is_another_side_too) {
  const Sandbox world;
  const fs::path here = world.laptop.project("photos");
  const fs::path disk = world.path() / "disk: 1" / "photos";
  world.laptop.conf(fmt::format("[rsync \"p\"]\npath = ~/photos\nurl = {}\n", disk.string()));
  Computer::write(here / "a", "1");
  expect_exit(world.laptop.run("sync-push"), 0);
  Computer::write(disk / "b", "2");
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_tree(here, Tree{{"a", "1"}, {"b", "2"}});
  expect_tree(disk, tree_of(here));
  BOOST_TEST(world.server.connections() == 0);
}

BOOST_FIXTURE_TEST_CASE(asks_before_it_copies_only_once_a_day, Photos) {
  begin_with({{"a", "1"}});
  const auto commands = [&] {  // that have run on the server by now
    const std::string log = world.server.log();
    int count = 0;
    for (auto at = log.find("Starting session"); at != std::string::npos; at = log.find("Starting session", at + 1))
      ++count;
    return count;
  };
  const auto asked = [&](const std::string& tool) {
    const int before = commands();
    expect_exit(world.laptop.run(tool), 0);
    return commands() - before > 1;
  };
  for (const std::string tool : {"sync-push", "sync-pull"}) {
    Computer::write((tool == "sync-push" ? here : there) / tool, "x");
    BOOST_TEST(!asked(tool), tool);
    expect_tree(there, tree_of(here));
    let_a_day_pass();
    BOOST_TEST(asked(tool), tool);
    BOOST_TEST(!asked(tool), tool);
  }
  fs::remove_all(there / ".sync-backup");  // the guard misses it, and all is made ready as at first
  Computer::write(here / "b", "2");
  BOOST_TEST(asked("sync-push"));
  expect_tree(there, tree_of(here));
  fs::rename(there, world.server.home() / "unmounted");
  expect_exit(world.laptop.run("sync-push"), 3);
  fs::create_directory(there);
  expect_exit(world.laptop.run("sync-push"), 3);
  expect_exit(world.laptop.run("sync-pull"), 3);
  BOOST_TEST(fs::is_empty(there));
}

BOOST_FIXTURE_TEST_CASE(a_login_that_is_refused_is_told_as_ever, Photos) {
  begin_with({{"a", "1"}});
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config("none", {"IdentityFile /nonexistent"}));
  expect_exit(world.laptop.run("sync-push"), 5);
  world.server.stop();
  world.server.change_host_keys();
  world.server.start();
  world.laptop.set("SYNC_SSH_CONFIG", world.server.ssh_config().string());
  const Finished changed = world.laptop.run("sync-push");
  expect_exit(changed, 5);
  BOOST_TEST(contains(changed.out, "ssh-keygen -f"), changed.out);
  BOOST_TEST(contains(changed.out, "-R '[127.0.0.1]"), changed.out);
}

BOOST_FIXTURE_TEST_CASE(goes_by_an_ssh_of_its_own_where_only_that_can_do_what_the_settings_ask, Photos) {
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config("by_ssh", {"AddressFamily inet"}));
  begin_with({{"a", "1"}});  // by a master, since it asks before
  Computer::write(here / "b", "2");
  const Finished run = world.laptop.run("sync-push", {"-v"});
  expect_exit(run, 0);
  BOOST_TEST(!contains(run.err, "by libssh2"), run.err);
  expect_tree(there, tree_of(here));
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config("by_ssh", {"AddressFamily inet", "User nobody"}));
  const Finished refused = world.laptop.run("sync-push");
  expect_exit(refused, 5);
  BOOST_TEST(contains(refused.out, "Permission denied"), refused.out);
}

BOOST_FIXTURE_TEST_CASE(all_projects_of_a_server_share_one_connection, Photos) {
  world.add_repository("notes");
  world.add_repository("poems");
  std::string conf = world.section("notes") + world.section("poems") + section();
  for (const std::string name : {"music", "films"}) {
    conf += fmt::format("[rsync \"{0}\"]\npath = ~/{0}\nurl = server:{0}\n", name);
    Computer::write(world.laptop.project(name) / "x", "1");
  }
  conf += fmt::format("[unison \"docs\"]\npath = ~/docs\nurl = ssh://server/docs\n");
  Computer::write(world.laptop.project("docs") / "x", "1");
  Computer::write(here / "x", "1");
  world.laptop.conf(conf);
  const std::string by_ssh = world.server.write_ssh_config("by_ssh", {"AddressFamily inet"});
  int connections = 0;
  for (const std::string& config : {world.server.ssh_config().string(), by_ssh}) {
    world.laptop.set("SYNC_SSH_CONFIG", config);
    ++connections;
    const std::string content(static_cast<std::size_t>(connections), 'x');
    for (const std::string name : {"music", "films", "photos", "docs"}) {
      Computer::write(world.laptop.project(name) / "x", content);
      set_age(world.laptop.project(name) / "x", -100 + connections);
    }
    expect_exit(world.laptop.run("sync-now"), 0);
    for (const std::string name : {"music", "films", "photos", "docs"})
      BOOST_TEST(content_of(world.server.home() / name / "x") == content, name);
    BOOST_TEST(world.server.connections() == connections, config);
  }
  BOOST_TEST(fs::exists(world.laptop.project("notes") / ".git"));
}

BOOST_FIXTURE_TEST_CASE(deletes_only_one_way_and_keeps_what_it_deletes, Photos) {
  begin_with({{"a", "1"}, {"b", "2"}, {"kept.raw", "3"}});
  const Finished both = (conf("delete = yes\n"), world.laptop.run("sync-now"));
  expect_exit(both, 2);
  BOOST_TEST(contains(both.err, "use Unison for both ways"), both.err);
  conf("delete = yes\ndirection = push\nexclude = *.raw\n");
  fs::remove(here / "a");
  fs::remove(here / "kept.raw");
  const Json files = project("sync-now", 0).at("files");
  BOOST_TEST(files.at("server").at("deleted") == 1);
  expect_tree(there, Tree{{"b", "2"}, {"kept.raw", "3"}});
  BOOST_TEST(content_of(there / files.at("backup").get<std::string>() / "a") == "1");
}

BOOST_FIXTURE_TEST_CASE(refuses_to_delete_more_than_max_delete_and_copies_all_the_same, Photos) {
  Tree files;
  for (int i = 0; i < 12; ++i) files["f" + std::to_string(i)] = "x";
  begin_with(files);
  conf("delete = yes\ndirection = push\nmax-delete = 10\n");
  for (int i = 0; i < 11; ++i) fs::remove(here / ("f" + std::to_string(i)));
  Computer::write(here / "new", "y");
  const Tree before = tree_of(there);
  expect_exit(world.laptop.run("sync-push", {"-n"}), 3);
  expect_tree(there, before);
  const Finished refused = world.laptop.run("sync-push");
  expect_exit(refused, 3);
  BOOST_TEST(
      contains(refused.out, "would delete 11 files or folders on the server, which is more than max-delete = 10"),
      refused.out);
  BOOST_TEST(contains(refused.out, "sync-push --allow-mass-deletion photos"), refused.out);
  Tree with_new = before;
  with_new["new"] = "y";
  expect_tree(there, with_new);
  expect_exit(world.laptop.run("sync-push", {"--allow-mass-deletion"}), 0);
  expect_tree(there, Tree{{"f11", "x"}, {"new", "y"}});
}

BOOST_FIXTURE_TEST_CASE(backups_expire_on_the_side_that_changes, Photos) {
  conf("backup-days = 30\n");
  begin_with({{"a", "1"}});
  for (const fs::path& root : {here, there}) {
    Computer::write(root / ".sync-backup" / "2020-01-01T00-00-00.000Z" / "old", "x");
    Computer::write(root / ".sync-backup" / "my own" / "old", "x");
  }
  expect_exit(world.laptop.run("sync-now", {"-n"}), 0);
  BOOST_TEST(fs::exists(here / ".sync-backup" / "2020-01-01T00-00-00.000Z"));
  expect_exit(world.laptop.run("sync-now"), 0);
  for (const fs::path& root : {here, there}) {
    const fs::path expired = root / ".sync-backup" / "2020-01-01T00-00-00.000Z";
    wait_until([&] { return !fs::exists(expired); }, "the expired backup to go");
    BOOST_TEST(fs::exists(root / ".sync-backup" / "my own" / "old"));
  }
  BOOST_TEST(tree_of(there).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_side_that_has_lost_everything_is_not_filled, Photos) {
  begin_with({{"a", "1"}});
  const Tree full = tree_of(there);
  fs::rename(here, world.laptop.project("unmounted"));
  for (const std::string tool : {"sync-now", "sync-pull", "sync-push"}) {
    const Finished missing = world.laptop.run(tool);
    expect_exit(missing, 3);
    BOOST_TEST(contains(missing.out, "photos is missing, though it was synced before"), missing.out);
    fs::create_directory(here);
    expect_exit(world.laptop.run(tool), 3);
    BOOST_TEST(fs::is_empty(here));
    fs::remove(here);
  }
  expect_tree(there, full);
  const Finished status = world.laptop.run("sync-status");
  expect_exit(status, 3);
  BOOST_TEST(contains(status.out, "sync-pull --force photos"), status.out);
  expect_exit(world.laptop.run("sync-pull", {"--force"}), 0);
  expect_tree(here, full);

  fs::rename(there, world.server.home() / "unmounted");
  const Finished lost = world.laptop.run("sync-now");
  expect_exit(lost, 3);
  BOOST_TEST(contains(lost.out, "sync-push --force photos"), lost.out);
  BOOST_TEST(!fs::exists(there));
  expect_exit(world.laptop.run("sync-push", {"--force"}), 0);
  expect_tree(there, full);
}

BOOST_FIXTURE_TEST_CASE(says_what_is_missing, Photos) {
  const Finished nowhere = world.laptop.run("sync-now");
  expect_exit(nowhere, 1);
  BOOST_TEST(contains(nowhere.out, "there is neither"), nowhere.out);
  expect_exit(world.laptop.run("sync-pull"), 1);
  expect_exit(world.laptop.run("sync-push"), 1);
  Computer::write(here, "a file");
  const Finished file = world.laptop.run("sync-now");
  expect_exit(file, 1);
  BOOST_TEST(contains(file.out, "is no folder"), file.out);
  fs::remove(here);
  Computer::write(there / "a", "1");
  const Finished dry = world.laptop.run("sync-pull", {"-n"});
  expect_exit(dry, 0);
  BOOST_TEST(contains(dry.out, "would make"), dry.out);
  BOOST_TEST(!fs::exists(here));
}

BOOST_FIXTURE_TEST_CASE(leaves_repositories_out_and_says_so_once, Photos) {
  Computer::write(here / "code" / ".git" / "HEAD", "x");
  Computer::write(here / "code" / "main.c", "y");
  const Finished first = world.laptop.run("sync-now");
  expect_exit(first, 0);
  BOOST_TEST(contains(first.out, "code/.git is not copied"), first.out);
  expect_tree(there, Tree{{"code", "/"}, {"code/main.c", "y"}});
  const Finished second = world.laptop.run("sync-now");
  BOOST_TEST(!contains(second.out, ".git"), second.out);
  BOOST_TEST(contains(world.laptop.run("sync-status", {"-v"}).out, "code/.git"));
  conf("exclude = !.git\n");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(content_of(there / "code" / ".git" / "HEAD") == "x");
}

BOOST_FIXTURE_TEST_CASE(links_stay_links_and_none_that_leads_out_comes_from_the_server, Photos) {
  begin_with({{"a", "1"}});
  fs::create_symlink("a", here / "inside");
  fs::create_symlink("/etc", here / "outside");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(tree_of(there)["outside"] == "-> /etc");
  fs::create_symlink("/etc/passwd", there / "evil");
  fs::create_symlink("../../evil", there / "evil2");
  expect_exit(world.desktop.run("sync-pull"), 0);
  expect_tree(other, Tree{{"a", "1"}, {"inside", "-> a"}});
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(tree_of(here)["outside"] == "-> /etc");
  BOOST_TEST(!fs::exists(fs::symlink_status(here / "evil")));
}

BOOST_FIXTURE_TEST_CASE(a_file_in_place_of_a_folder_is_kept_as_well, Photos) {
  begin_with({{"a", "file"}, {"b/in", "folder"}, {"l", "file"}});
  fs::remove(there / "a");
  Computer::write(there / "a" / "in", "now a folder");
  fs::remove_all(there / "b");
  Computer::write(there / "b", "now a file");
  set_age(there / "b", 100);
  fs::remove(there / "l");
  fs::create_symlink("a", there / "l");
  const Finished run = world.laptop.run("sync-pull");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "could not make way"), run.out);
  BOOST_TEST(content_of(here / "b" / "in") == "folder");
  BOOST_TEST(content_of(here / "a" / "in") == "now a folder");
  const std::multiset<std::string> kept = contents_in(here / ".sync-backup");
  BOOST_TEST(kept.count("file") == 2U);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_read_is_told_and_the_rest_is_copied, Photos) {
  if (geteuid() == 0) return;  // root may read everything
  begin_with({{"a", "1"}, {"closed", "2"}});
  Computer::write(here / "b", "3");
  Computer::write(here / "closed", "changed");
  chmod((here / "closed").c_str(), 0);
  const Json project = this->project("sync-push", 1);
  BOOST_TEST(project.at("files").at("troubles").size() == 1U);
  BOOST_TEST(content_of(there / "b") == "3");
  BOOST_TEST(content_of(there / "closed") == "2");
}

BOOST_FIXTURE_TEST_CASE(a_dry_run_changes_nothing_and_tells_all, Photos) {
  begin_with({{"a", "1"}, {"b", "2"}});
  Computer::write(here / "a", "newer");
  set_age(here / "a", 100);
  Computer::write(there / "c", "3");
  const Snapshot here_before = snapshot(here);
  const Snapshot there_before = snapshot(there);
  const Finished dry = world.laptop.run("sync-now", {"-n", "-v"});
  expect_exit(dry, 0);
  BOOST_TEST(differences(here_before, snapshot(here)) == "");
  BOOST_TEST(differences(there_before, snapshot(there)) == "");
  BOOST_TEST(contains(dry.out, "would copy 1 file"), dry.out);
  BOOST_TEST(contains(dry.out, "1 would change"), dry.out);
}

BOOST_AUTO_TEST_CASE(says_that_the_program_is_missing_on_the_server) {
  const TemporaryFolder programs;
  for (const auto& entry : fs::directory_iterator("/usr/bin")) {
    const fs::path name = entry.path().filename();
    if (name != "rsync") fs::create_symlink(entry.path(), programs.path() / name);
  }
  ServerSetup setup;
  setup.force_command = "PATH=" + programs.path().string() + "; eval \"$SSH_ORIGINAL_COMMAND\"";
  const Sandbox world(setup);
  world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = server:p\n");
  Computer::write(world.laptop.project("p") / "a", "1");
  const Finished there = world.laptop.run("sync-push");
  expect_exit(there, 1);
  BOOST_TEST(contains(there.out, "there is no rsync on the server"), there.out);
}

BOOST_AUTO_TEST_CASE(a_server_without_a_shell_is_told_as_one) {
  ServerSetup setup;
  setup.force_command = "echo 'This account is not available.'";
  const Sandbox world(setup);
  world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = server:p\n");
  Computer::write(world.laptop.project("p") / "a", "1");
  const Finished run = world.laptop.run("sync-push");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "the server runs no commands of ours: it says This account is not available."), run.out);
}

BOOST_FIXTURE_TEST_CASE(a_server_that_is_away_is_offline, Photos) {
  begin_with({{"a", "1"}});
  world.server.stop();
  const Finished run = world.laptop.run("sync-now", {"--timeout", "2"});
  expect_exit(run, 4);
  world.server.start();
  expect_exit(world.laptop.run("sync-now"), 0);
}

BOOST_FIXTURE_TEST_CASE(a_cut_costs_only_itself_and_leaves_nothing_to_be_synced, Photos) {
  FaultyLine line(world.server.port());
  const fs::path known = world.path() / "known_hosts";
  Computer::write(known, fmt::format("[127.0.0.1]:{} {}\n", line.port(), world.server.host_key("ed25519")));
  world.laptop.set("SYNC_SSH_CONFIG",
                   world.server.write_ssh_config("faulty", {fmt::format("Port {}", line.port()),
                                                            "UserKnownHostsFile " + known.string(), "Compression no"}));
  const std::string big = noise(8'000'000);
  begin_with({{"a", "1"}});
  const Tree before = tree_of(there);
  Computer::write(here / "big", big);
  line.follow({.fault = FaultyLine::Fault::breaks, .bytes = 1'000'000, .connections = 100});
  expect_exit(world.laptop.run("sync-push"), 4);
  expect_tree(there, before);
  line.follow({});
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(content_of(there / "big") == big);
  BOOST_TEST(line.carried() < 7'000'000U);  // what had come before was not sent again
  line.follow({.fault = FaultyLine::Fault::freezes, .bytes = 1'000'000, .connections = 100});
  fs::remove(here / "big");
  expect_exit(world.laptop.run("sync-pull", {"--timeout", "2"}), 4);
  BOOST_TEST(!fs::exists(here / "big"));
  line.follow({});
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(content_of(here / "big") == big);
}

BOOST_FIXTURE_TEST_CASE(tells_what_was_copied_and_kept_before_the_line_broke, Photos) {
  begin_with({{"a", "old"}});
  Computer::write(there / "a", "newer");
  Computer::write(there / "b", "new");
  // An rsync whose line breaks behind the last file, once.
  const fs::path broken = world.path() / "broken";
  rsync_by(fmt::format("/usr/bin/rsync \"$@\" || exit\ntest -e {0} || {{ touch {0}; {1}; }}\n", broken.string(), cut));
  const Json files = project("sync-pull", 0).at("files");
  BOOST_TEST(fs::exists(broken));
  BOOST_TEST(files.at("local").at("copied") == 2);
  BOOST_REQUIRE(files.at("backup").is_string());
  BOOST_TEST(content_of(here / files.at("backup").get<std::string>() / "a") == "old");
}

BOOST_FIXTURE_TEST_CASE(what_is_tried_again_is_told_once, Photos) {
  conf("direction = push\ndelete = yes\nmax-delete = 1\n");
  Computer::write(here / "a", "1");
  expect_exit(world.laptop.run("sync-push"), 0);
  for (const char* name : {"x", "y", "z"}) Computer::write(there / name, "1");
  Computer::write(here / "b", "2");
  // The line breaks behind what is only counted or tried, then in the copying.
  const fs::path broken = world.path() / "broken";
  rsync_by(
      fmt::format("/usr/bin/rsync \"$@\" || exit\ncase \"$*\" in *--existing*) exit 0;; esac\n"
                  "test -e {0} || {{ touch {0}; {1}; }}\n",
                  broken.string(), cut));
  const Json dry = project("sync-push", 3, {"-n"});
  BOOST_TEST(dry.at("files").at("server").at("copied") == 1);
  BOOST_TEST(dry.at("files").at("server").at("deleted") == 3);
  BOOST_TEST(count_of(dry.at("message").get<std::string>(), "would delete") == 1);
  BOOST_TEST(fs::remove(broken));
  const Json done = project("sync-push", 3);
  BOOST_TEST(done.at("files").at("server").at("copied") == 1);
  BOOST_TEST(count_of(done.at("message").get<std::string>(), "would delete") == 1);
  BOOST_TEST(fs::exists(broken));
}

BOOST_FIXTURE_TEST_CASE(the_lock_lasts_until_rsync_has_ended_too, Photos) {
  begin_with({{"a", "1"}});
  // An rsync of this computer's that waits before it works, as a long transfer does.
  const fs::path bin = world.path() / "bin";
  const fs::path go = world.path() / "go";
  Computer::write(bin / "rsync",
                  fmt::format("#!/bin/sh\ntouch {0}.begun\nwhile ! test -e {0}; do /bin/sleep 0.02; done\n"
                              "exec /usr/bin/rsync \"$@\"\n",
                              go.string()));
  chmod((bin / "rsync").c_str(), 0755);
  Computer laptop = world.laptop;
  laptop.set("PATH", bin.string() + ":/usr/bin:/bin");
  Computer::write(here / "b", "2");
  {
    const Command command = laptop.command("sync-push", {});
    Program killed(command.argv, world.path() / "killed.out", command.environment);
    wait_until([&] { return fs::exists(go.string() + ".begun"); }, "rsync to begin");
    kill(killed.pid(), SIGKILL);
    BOOST_TEST(killed.wait() == 128 + SIGKILL);
  }
  expect_exit(world.laptop.run("sync-push", {"--lock-timeout", "0"}), 6);
  Computer::write(go, "");
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(content_of(there / "b") == "2");
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_run_ends_at_once, Photos) {
  begin_with({{"a", "1"}});
  const fs::path bin = world.path() / "bin";
  const fs::path begun = world.path() / "begun";
  Computer::write(bin / "rsync", fmt::format("#!/bin/sh\ntouch {}\nexec /bin/sleep 60\n", begun.string()));
  chmod((bin / "rsync").c_str(), 0755);
  Computer laptop = world.laptop;
  laptop.set("PATH", bin.string() + ":/usr/bin:/bin");
  const Command command = laptop.command("sync-push", {});
  Program interrupted(command.argv, world.path() / "interrupted.out", command.environment);
  wait_until([&] { return fs::exists(begun); }, "rsync to begin");
  const auto begin = std::chrono::steady_clock::now();
  kill(interrupted.pid(), SIGINT);
  BOOST_TEST(interrupted.wait() == 128 + SIGINT);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(4)));
  expect_exit(world.laptop.run("sync-push", {"--lock-timeout", "0"}), 0);
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_loses_nothing, Photos) {
  begin_with({{"a", "1"}});
  if (mount("none", other.parent_path().c_str(), "tmpfs", 0, "size=2m") != 0) {
    BOOST_TEST_MESSAGE("no small disk is to be had here");
    return;
  }
  Computer::write(there / "big", noise(4'000'000));
  conf("");
  const Finished run = world.desktop.run("sync-pull");
  BOOST_TEST(run.status == 1);
  BOOST_TEST(contains(run.out, "No space left on device"), run.out);
  BOOST_TEST(!fs::exists(other / "big"));
  umount(other.parent_path().c_str());
}

BOOST_FIXTURE_TEST_CASE(projects_in_one_folder_come_one_after_the_other, Photos) {
  Computer::write(here / "a", "1");
  const fs::path disk = world.path() / "disk";
  world.laptop.conf(section() + fmt::format("[rsync \"disk\"]\npath = ~/photos\nurl = {}\n", disk.string()));
  expect_exit(world.laptop.run("sync-now", {"--lock-timeout", "0"}), 0);
  expect_tree(disk, Tree{{"a", "1"}});
  expect_tree(there, Tree{{"a", "1"}});
}

BOOST_FIXTURE_TEST_CASE(gits_own_ssh_command_leads_there_too, Photos) {
  const fs::path wrapper = world.path() / "my ssh" / "ssh";
  const fs::path used = world.path() / "used";
  Computer::write(wrapper, fmt::format("#!/bin/sh\ntouch {}\nexec ssh -F {} \"$@\"\n", used.string(),
                                       world.server.ssh_config().string()));
  chmod(wrapper.c_str(), 0755);
  Computer laptop = world.laptop;
  laptop.set("SYNC_SSH_CONFIG", "");
  laptop.set("GIT_SSH_COMMAND", "'" + wrapper.string() + "'");
  Computer::write(here / "a", "1");
  expect_exit(laptop.run("sync-push"), 0);
  BOOST_TEST(fs::exists(used));
  BOOST_TEST(content_of(there / "a") == "1");
}

BOOST_FIXTURE_TEST_CASE(tells_how_far_it_is_on_a_terminal, Photos) {
  Computer::write(here / "big", noise(20'000'000));
  world.laptop.set("SYNC_SSH_CONFIG", world.server.write_ssh_config("slow", {"Ciphers aes128-ctr"}));
  conf("");
  const fs::path bin = world.path() / "bin";
  Computer::write(bin / "rsync", "#!/bin/sh\nexec /usr/bin/rsync --bwlimit=8000 \"$@\"\n");
  chmod((bin / "rsync").c_str(), 0755);
  world.laptop.set("PATH", bin.string() + ":/usr/bin:/bin");
  const Finished run = run_on_terminal(world.laptop.command("sync-push", {}), {});
  expect_exit(run, 0);
  BOOST_TEST(contains(run.out, "copying"), run.out);
  BOOST_TEST(contains(run.out, "MiB/s"), run.out);
}

BOOST_FIXTURE_TEST_CASE(fetching_a_status_asks_nothing_about_folders, Photos) {
  begin_with({{"a", "1"}});
  const int before = world.server.connections();
  expect_exit(world.laptop.run("sync-status", {"--fetch"}), 0);
  BOOST_TEST(world.server.connections() == before);
  BOOST_TEST(report_of(world.laptop, "sync-status", 0).at("projects").at(0).at("state") == "synced");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
