// Folders as nobody expects them: anything in the place of anything else, others at work at the same time, servers that
// lie. Whatever stood there before a run stands somewhere after it.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "folders.hpp"
#include "support/faulty_line.hpp"
#include "support/program.hpp"

namespace syncmanager::test {

namespace {

struct Photos : Folders {
  explicit Photos(const std::string& lines = {}) : Folders("rsync", lines) {}
};

enum class Kind { nothing, old_file, new_file, folder, empty_folder, link };

constexpr Kind kinds[] = {Kind::nothing, Kind::old_file, Kind::new_file, Kind::folder, Kind::empty_folder, Kind::link};

/// What is put there says where it was put, so that nothing is equal to anything else.
void put(const fs::path& place, Kind kind, const std::string& side) {
  const std::string mark = place.filename().string() + " " + side;
  constexpr int age = 1000;
  switch (kind) {
    case Kind::nothing: return;
    case Kind::old_file: Computer::write(place, mark); return set_age(place, -age - (side == "here" ? 1 : 0));
    case Kind::new_file: Computer::write(place, mark + " newer"); return set_age(place, -(side == "here" ? 1 : 0));
    case Kind::folder: return Computer::write(place / (side + ".txt"), mark);
    case Kind::empty_folder: fs::create_directories(place); return;
    case Kind::link: fs::create_symlink(mark, place); return;
  }
}

/// Everything against everything.
void put_all(const fs::path& here, const fs::path& there) {
  for (const Kind mine : kinds) {
    for (const Kind theirs : kinds) {
      const std::string name = fmt::format("{}-{}", static_cast<int>(mine), static_cast<int>(theirs));
      put(here / name, mine, "here");
      put(there / name, theirs, "there");
    }
  }
}

/// The contents of files and the targets of links in both roots, and of what is kept there.
std::set<std::string> treasures(const Photos& photos) {
  std::set<std::string> all;
  for (const fs::path& root : {photos.here, photos.there}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.is_symlink()) {
        all.insert("-> " + fs::read_symlink(entry.path()).string());
      } else if (entry.is_regular_file()) {
        all.insert(content_of(entry.path()));
      }
    }
  }
  return all;
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& [name, content] : tree_of(folder)) names.insert(name);
  return names;
}

void expect_all_kept(const Photos& photos, const std::set<std::string>& before) {
  const std::set<std::string> after = treasures(photos);
  for (const std::string& treasure : before) BOOST_TEST(after.contains(treasure), "lost: " << treasure);
}

/// A server whose programs are those in ~/bin before all others.
ServerSetup lying_server() {
  ServerSetup setup;
  setup.force_command = "PATH=$PWD/bin:$PATH; exec sh -c \"$SSH_ORIGINAL_COMMAND\"";
  return setup;
}

void write_program(const fs::path& file, const std::string& script) {
  Computer::write(file, "#!/bin/sh\n" + script + "\n");
  chmod(file.c_str(), 0755);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(odd_folders)

BOOST_AUTO_TEST_CASE(nothing_is_lost_whatever_takes_the_place_of_what) {
  struct Row {
    std::string tool;
    std::string lines;
  };
  const Row rows[] = {{"sync-now", ""},
                      {"sync-pull", ""},
                      {"sync-push", ""},
                      {"sync-pull", "delete = yes\ndirection = pull\n"},
                      {"sync-push", "delete = yes\ndirection = push\n"}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.tool << " " << row.lines) {
      const Photos photos(row.lines);
      put_all(photos.here, photos.there);
      const std::set<std::string> before = treasures(photos);
      const Tree here_before = tree_of(photos.here);
      const Tree there_before = tree_of(photos.there);
      for (int run = 0; run < 2; ++run) {
        const Finished finished = photos.world.laptop.run(row.tool);
        BOOST_TEST((finished.status == 0 || finished.status == 1), finished.out);
        expect_all_kept(photos, before);
      }
      if (row.tool == "sync-pull") expect_tree(photos.there, there_before);
      if (row.tool == "sync-push") expect_tree(photos.here, here_before);
      // A mirror has the same names; a newer file stays what it is.
      if (!row.lines.empty()) BOOST_TEST((names_in(photos.here) == names_in(photos.there)));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_gives_way_to_a_file_counts_as_deleted, Photos) {
  begin_with({{"d/1", "1"}, {"d/2", "2"}, {"d/3", "3"}});
  fs::remove_all(here / "d");
  Computer::write(here / "d", "a file now");
  conf("delete = yes\ndirection = push\nmax-delete = 2\n");
  const Tree before = tree_of(there);
  const Finished refused = world.laptop.run("sync-push");
  BOOST_TEST(contains(refused.out, "would delete 3 files or folders on the server"), refused.out);
  expect_tree(there, before);
  expect_exit(world.laptop.run("sync-push", {"--allow-mass-deletion"}), 0);
  expect_tree(there, Tree{{"d", "a file now"}});
  BOOST_TEST(contents_in(there / ".sync-backup").size() == 3U);
}

BOOST_FIXTURE_TEST_CASE(what_a_cut_has_left_over_there_never_comes_here_whatever_is_included, Photos) {
  conf("exclude = !*/, !*.jpg, *\n");
  Computer::write(there / "a" / "whole.jpg", "1");
  Computer::write(there / "a" / "notes.txt", "2");
  Computer::write(there / "a" / ".sync-partial" / "half.jpg", "3");
  Computer::write(there / ".sync-backup" / "temp" / ".half.jpg.x7Uu2k.jpg", "4");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(content_of(here / "a" / "whole.jpg") == "1");
  BOOST_TEST(contents_in(here).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(nothing_of_the_other_side_takes_the_place_of_what_is_kept_here, Photos) {
  conf("delete = yes\ndirection = pull\n");
  Computer::write(there / "docs" / "a", "1");
  expect_exit(world.laptop.run("sync-pull"), 0);
  Computer::write(there / "docs" / "a", "changed");
  expect_exit(world.laptop.run("sync-pull"), 0);
  const std::multiset<std::string> kept = contents_in(here / ".sync-backup");
  BOOST_TEST(kept.count("1") == 1U);
  fs::create_symlink("docs", there / ".sync-backup");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST((contents_in(here / ".sync-backup") == kept));
  BOOST_TEST(!fs::exists(here / "docs" / "temp"));
  fs::remove(there / ".sync-backup");
  Computer::write(there / ".sync-backup", "a file");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST((contents_in(here / ".sync-backup") == kept));
}

BOOST_FIXTURE_TEST_CASE(a_pull_leaves_what_has_expired_on_the_server_and_a_push_what_has_expired_here, Photos) {
  begin_with({{"a", "1"}});
  const fs::path old = fs::path(".sync-backup") / "2020-01-01T00-00-00.000Z";
  for (const fs::path& root : {here, there}) Computer::write(root / old / "x", "x");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(!fs::exists(here / old));
  BOOST_TEST(fs::exists(there / old / "x"));
  Computer::write(here / old / "x", "x");
  let_a_day_pass();
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(fs::exists(here / old / "x"));
  wait_until([&] { return !fs::exists(there / old); }, "the server's old backup to go");
}

BOOST_FIXTURE_TEST_CASE(a_link_of_this_computers_own_makes_way_for_nothing, Photos) {
  begin_with({{"a", "1"}});
  const std::vector<std::string> names = {"out", "w[i]ld*", "line\nfeed"};
  for (const std::string& name : names) {
    fs::create_symlink("/etc", here / name);
    Computer::write(there / name, "of the server's");
  }
  fs::create_symlink("/etc", here / "gone there");
  expect_exit(world.laptop.run("sync-pull"), 0);
  for (const std::string& name : names) BOOST_TEST(tree_of(here)[name] == "-> /etc", name);
  conf("delete = yes\ndirection = pull\n");
  expect_exit(world.laptop.run("sync-pull"), 0);
  for (const std::string& name : names) BOOST_TEST(tree_of(here)[name] == "-> /etc", name);
  BOOST_TEST(tree_of(here)["gone there"] == "-> /etc");
}

BOOST_FIXTURE_TEST_CASE(no_name_on_the_server_leads_to_another_folder_there, Photos) {
  begin_with({{"a", "1"}});
  Computer::write(world.server.home() / "secret" / "key", "secret");
  fs::create_directories(there / ".sync-backup" / "x\npath secret");  // looks like a line of the server's answer
  Computer::write(here / "b", "2");
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_tree(world.server.home() / "secret", Tree{{"key", "secret"}});
  expect_tree(here, Tree{{"a", "1"}, {"b", "2"}});
  expect_tree(there, tree_of(here));
}

BOOST_FIXTURE_TEST_CASE(an_emptied_mirror_is_emptied_over_there_only_by_force_and_kept, Photos) {
  begin_with({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  conf("delete = yes\ndirection = push\nmax-delete = 2\n");
  for (const std::string name : {"a", "b", "c"}) fs::remove(here / name);
  const Tree before = tree_of(there);
  expect_exit(world.laptop.run("sync-push"), 3);
  expect_exit(world.laptop.run("sync-push", {"--allow-mass-deletion"}), 3);
  expect_exit(world.laptop.run("sync-push", {"--force"}), 3);  // still more than max-delete
  expect_tree(there, before);
  expect_exit(world.laptop.run("sync-push", {"--force", "--allow-mass-deletion"}), 0);
  BOOST_TEST(tree_of(there).empty());
  BOOST_TEST((contents_in(there / ".sync-backup") == std::multiset<std::string>{"1", "2", "3"}));
}

BOOST_FIXTURE_TEST_CASE(roots_may_be_links_to_folders, Photos) {
  for (const fs::path& root : {here, there}) {
    fs::create_directory(root.string() + " disk");
    fs::create_directory_symlink(root.string() + " disk", root);
  }
  Computer::write(here / "a", "1");
  Computer::write(there / "b", "2");
  expect_exit(world.laptop.run("sync-now"), 0);
  const Tree both{{"a", "1"}, {"b", "2"}};
  expect_tree(here, both);
  expect_tree(there, both);
  BOOST_TEST(fs::is_symlink(here));
  BOOST_TEST(fs::is_symlink(there));
}

BOOST_AUTO_TEST_CASE(a_folder_is_not_copied_into_itself) {
  const Sandbox world;
  const fs::path photos = world.laptop.project("photos");
  fs::create_directory_symlink("photos", world.laptop.project("link"));
  Computer::write(photos / "in" / "a", "1");
  Computer::write(photos / "b", "2");
  const Tree before = tree_of(photos);
  struct Row {
    fs::path path;
    fs::path url;
  };
  const Row rows[] = {
      {photos, photos},         {photos, photos / "copy"},         {photos, photos / "in" / "deeper" / ""},
      {photos / "in", photos},  {photos, world.laptop.home()},     {photos / "in", world.laptop.project("link")},
      {photos / "new", photos}, {photos / "new", photos / "new/x"}};
  for (const std::string lines : {"", "delete = yes\ndirection = push\n"}) {
    for (const Row& row : rows) {
      world.laptop.conf(
          fmt::format("[rsync \"p\"]\npath = {}\nurl = {}\n{}", row.path.string(), row.url.string(), lines));
      const Finished run = world.laptop.run("sync-push");
      expect_exit(run, 1);
      BOOST_TEST(contains(run.out, "one lies in the other"), run.out);
      expect_tree(photos, before);
    }
  }
  world.laptop.conf(fmt::format("[rsync \"p\"]\npath = {0}/in\nurl = {0}/in-copy\n", photos.string()));
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(content_of(photos / "in-copy" / "a") == "1");
}

BOOST_AUTO_TEST_CASE(a_url_leads_there_with_its_user_port_address_and_slash) {
  const Sandbox world;
  const fs::path here = world.laptop.project("photos");
  const fs::path there = world.server.home() / "photos";
  Computer::write(here / "a", "1");
  // The address stands for the server's own, at which it listens; the port comes from the url alone.
  Computer laptop = world.laptop;
  const fs::path known = world.path() / "known_hosts";
  Computer::write(known, "server-key " + world.server.host_key("ed25519") + "\n");
  const fs::path config = world.path() / "ssh_config";
  Computer::write(config, fmt::format("Host *\n  HostName 127.0.0.1\n  HostKeyAlias server-key\n"
                                      "  UserKnownHostsFile {}\n  GlobalKnownHostsFile /dev/null\n"
                                      "  IdentityFile {}\n  IdentitiesOnly yes\n  IdentityAgent none\n",
                                      known.string(), (world.server.client() / "id_ed25519").string()));
  laptop.set("SYNC_SSH_CONFIG", config.string());
  int number = 0;
  for (const std::string host : {"[::1]", "127.0.0.1", "nas.local"}) {
    const std::string name = std::to_string(++number);
    Computer::write(here / name, name);
    laptop.conf(fmt::format("[rsync \"p\"]\npath = ~/photos\nurl = ssh://{}@{}:{}{}/\n", world.server.user(), host,
                            world.server.port(), there.string()));
    expect_exit(laptop.run("sync-now"), 0);
    BOOST_TEST(content_of(there / name) == name, host);
  }
  expect_tree(there, tree_of(here));
}

BOOST_FIXTURE_TEST_CASE(two_computers_that_push_at_once_lose_nothing, Photos) {
  begin_with({{"same", "first"}});
  expect_exit(world.desktop.run("sync-pull"), 0);
  constexpr int files = 40;
  for (int i = 0; i < files; ++i) {
    Computer::write(here / ("file " + std::to_string(i)), fmt::format("{} of the laptop", i));
    Computer::write(other / ("file " + std::to_string(i)), fmt::format("{} of the desktop's", i));
  }
  Finished one;
  Finished two;
  {
    const std::jthread laptop([&] { one = world.laptop.run("sync-push"); });
    const std::jthread desktop([&] { two = world.desktop.run("sync-push"); });
  }
  expect_exit(one, 0);
  expect_exit(two, 0);
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_exit(world.desktop.run("sync-now"), 0);
  std::multiset<std::string> all;
  for (const fs::path& root : {here, other, there}) all.merge(contents_in(root));
  for (int i = 0; i < files; ++i) {
    BOOST_TEST(all.contains(fmt::format("{} of the laptop", i)));
    BOOST_TEST(all.contains(fmt::format("{} of the desktop's", i)));
  }
  expect_tree(other, tree_of(there));
  BOOST_TEST(fs::is_empty(there / ".sync-backup" / "temp"));
}

BOOST_AUTO_TEST_CASE(a_server_that_lies_changes_nothing_here) {
  struct Row {
    std::string script;
    std::string told;
  };
  const Row rows[] = {
      {"echo hello", "rsync from the server"},
      {"exec head -c 300000 /dev/urandom", "rsync from the server"},
      {"exit 0", "rsync from the server"},
      {"printf 'rsync: [sender] \\033]0;owned\\007 denied (13)\\n' >&2; exit 23", "\\x1b]0;owned\\x07 denied (13)"},
      {"kill -9 $$", "rsync from the server"},
  };
  const Sandbox world(lying_server());
  const fs::path here = world.laptop.project("p");
  world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = server:p\n");
  Computer::write(world.server.home() / "p" / "b", "2");
  Computer::write(here / "a", "1");
  expect_exit(world.laptop.run("sync-now"), 0);
  const Tree before = tree_of(here);
  for (const Row& row : rows) {
    write_program(world.server.home() / "bin" / "rsync",
                  "test \"$1\" = --version && exec /usr/bin/rsync --version\n" + row.script);
    const Finished run = world.laptop.run("sync-now");
    BOOST_TEST((run.status == 1 || run.status == 4), row.script);
    BOOST_TEST(contains(run.out, row.told), run.out);
    BOOST_TEST(!contains(run.out + run.err, "\x1b"), run.out);
    expect_tree(here, before);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_sends_another_folder_than_its_own_brings_nothing_out_of_the_root) {
  const Sandbox world(lying_server());
  const fs::path here = world.laptop.project("p");
  const fs::path evil = world.path() / "evil";
  world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = server:p\n");
  Computer::write(world.server.home() / "p" / "a", "1");
  Computer::write(evil / "inside" / "x", "evil");
  fs::create_symlink("../..", evil / "way out");
  Computer::write(here / "inside" / "mine", "2");
  // All that is in another folder, without regard to what is left out.
  write_program(world.server.home() / "bin" / "rsync",
                fmt::format("test \"$1\" = --version || cd '{}'\nexec /usr/bin/rsync \"$@\"", evil.string()));
  const Snapshot home_before = snapshot(world.laptop.home() / ".sync-conf");
  expect_exit(world.laptop.run("sync-pull"), 0);
  BOOST_TEST(content_of(here / "inside" / "x") == "evil");
  BOOST_TEST(content_of(here / "inside" / "mine") == "2");
  BOOST_TEST(!fs::exists(fs::symlink_status(here / "way out")));
  BOOST_TEST(differences(home_before, snapshot(world.laptop.home() / ".sync-conf")) == "");
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_transfer_goes_on_where_it_was, Photos) {
  begin_with({{"a", "1"}});
  const std::string big(6'000'000, 'b');
  Computer::write(here / "big", big);
  const fs::path bin = world.path() / "bin";
  write_program(bin / "rsync", "exec /usr/bin/rsync --bwlimit=2000 \"$@\"");
  Computer laptop = world.laptop;
  laptop.set("PATH", bin.string() + ":/usr/bin:/bin");
  const Command command = laptop.command("sync-push", {});
  Program interrupted(command.argv, world.path() / "interrupted.out", command.environment);
  const fs::path temporary = there / ".sync-backup" / "temp";
  wait_until([&] { return fs::exists(temporary) && !fs::is_empty(temporary); }, "the transfer to begin");
  const auto begin = std::chrono::steady_clock::now();
  kill(interrupted.pid(), SIGINT);
  BOOST_TEST(interrupted.wait() == 128 + SIGINT);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(4)));
  BOOST_TEST(!fs::exists(there / "big"));
  expect_exit(world.desktop.run("sync-pull"), 0);
  expect_tree(other, Tree{{"a", "1"}});
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST((content_of(there / "big") == big));
}

BOOST_FIXTURE_TEST_CASE(a_line_that_freezes_in_the_middle_of_a_push_ends_it_in_time, Photos) {
  FaultyLine line(world.server.port());
  const fs::path known = world.path() / "known_hosts";
  Computer::write(known, fmt::format("[127.0.0.1]:{} {}\n", line.port(), world.server.host_key("ed25519")));
  world.laptop.set("SYNC_SSH_CONFIG",
                   world.server.write_ssh_config("faulty", {fmt::format("Port {}", line.port()),
                                                            "UserKnownHostsFile " + known.string(), "Compression no"}));
  begin_with({{"a", "1"}});
  const Tree before = tree_of(there);
  const std::string big = noise(8'000'000);
  Computer::write(here / "big", big);
  line.follow({.fault = FaultyLine::Fault::freezes, .bytes = 1'000'000, .connections = 100});
  const auto begin = std::chrono::steady_clock::now();
  expect_exit(world.laptop.run("sync-push", {"--timeout", "1"}), 4);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(20)));
  expect_tree(there, before);
  line.follow({});
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST((content_of(there / "big") == big));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
