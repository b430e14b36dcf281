// Folders under attack: hostile servers, odd settings, and what several runs may do to each other's backups.
#include <filesystem>
#include <string>

#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "folders.hpp"

namespace syncmanager::test {

namespace {

struct Attacked : Folders {
  explicit Attacked(const std::string& lines = {}) : Folders("rsync", lines) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_attack)

BOOST_AUTO_TEST_CASE(a_folder_may_have_backslashes_in_its_name) {
  const Sandbox world;
  const std::string odd = R"(C:\new\table\c)";
  world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = \"server:C:\\\\new\\\\table\\\\c\"\n");
  Computer::write(world.laptop.project("p") / "a", "1");
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(fs::exists(world.server.home() / odd / "a"));
}

BOOST_AUTO_TEST_CASE(two_servers_of_one_folder_never_overwrite_each_others_backups) {
  const Sandbox world;
  const fs::path here = world.laptop.project("photos");
  world.laptop.conf("[rsync \"a\"]\npath = ~/photos\nurl = server:a\n[rsync \"b\"]\npath = ~/photos\nurl = server:b\n");
  Computer::write(here / "f", "mine");
  set_age(here / "f", -100);
  Computer::write(world.server.home() / "a" / "f", "of a");
  set_age(world.server.home() / "a" / "f", -50);
  Computer::write(world.server.home() / "b" / "f", "of b");
  expect_exit(world.laptop.run("sync-pull"), 0);
  const std::multiset<std::string> kept = contents_in(here);
  for (const std::string content : {"mine", "of a", "of b"}) BOOST_TEST(kept.count(content) == 1U, content);
}

BOOST_FIXTURE_TEST_CASE(no_pattern_takes_along_what_syncing_keeps, Attacked) {
  begin_with({{"a", "1"}});
  Computer::write(here / ".sync-backup" / "mine" / "old", "x");
  Computer::write(here / ".sync-partial" / "part", "x");
  Computer::write(there / ".sync-backup" / "theirs" / "old", "x");
  for (const std::string pattern : {"!!", "!"}) {
    conf("direction = push\ndelete = yes\nexclude = " + pattern + "\n");
    expect_exit(world.laptop.run("sync-push"), 0);
    BOOST_TEST(fs::exists(there / ".sync-backup" / "theirs" / "old"), pattern);
    BOOST_TEST(!fs::exists(there / ".sync-backup" / "mine"), pattern);
    BOOST_TEST(!fs::exists(there / ".sync-partial"), pattern);
  }
}

BOOST_FIXTURE_TEST_CASE(no_program_of_the_folder_is_run, Attacked) {
  begin_with({{"a", "1"}});
  const fs::path run = world.path() / "was run";
  for (const std::string program : {"rsync", "ssh", "sh"}) {
    Computer::write(there / program,
                    fmt::format("#!/bin/sh\n: > '{}'\nexec /usr/bin/{} \"$@\"\n", run.string(), program));
    chmod((there / program).c_str(), 0755);
  }
  expect_exit(world.laptop.run("sync-pull"), 0);
  for (const std::string path : {":/usr/bin:/bin", ".:/usr/bin:/bin", "./:/usr/bin", "/usr/bin::/bin"}) {
    Computer laptop = world.laptop;
    laptop.set("PATH", path);
    expect_exit(laptop.run("sync-now"), 0);
    BOOST_TEST(!fs::exists(run), path);
    fs::remove(run);
  }
}

BOOST_AUTO_TEST_CASE(an_endless_answer_ends) {
  ServerSetup setup;
  setup.force_command = "yes 'syncmanager folders 1'";
  const Sandbox world(setup);
  world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = server:p\n");
  Computer::write(world.laptop.project("p") / "a", "1");
  const Finished run = world.laptop.run("sync-push");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, "prints without end"), run.out);
  rusage usage{};
  BOOST_REQUIRE(getrusage(RUSAGE_CHILDREN, &usage) == 0);
  BOOST_TEST(usage.ru_maxrss < 1'000'000);  // KiB, also with a sanitizer
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_path_is_nonsense) {
  for (const std::string path : {"", "path ", "path etc", "path -x"}) {
    ServerSetup setup;
    setup.force_command =
        "case $SSH_ORIGINAL_COMMAND in *folders*) printf 'syncmanager folders 1\\nprogram rsync\\nroot filled\\n" +
        (path.empty() ? "" : path + "\\n") + "bye\\n';; *) eval \"$SSH_ORIGINAL_COMMAND\";; esac";
    const Sandbox world(setup);
    world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = server:p\n");
    Computer::write(world.laptop.project("p") / "a", "1");
    const Finished run = world.laptop.run("sync-push");
    expect_exit(run, 1);
    BOOST_TEST(contains(run.out, "nonsense"), path + run.out);
    BOOST_TEST(!fs::exists(world.server.home() / "a"), path);
  }
}

BOOST_AUTO_TEST_CASE(a_flood_of_errors_stays_short) {
  ServerSetup setup;
  setup.force_command =
      "case $SSH_ORIGINAL_COMMAND in *\"rsync --server\"*) head -c 30000000 /dev/zero | tr '\\0' x >&2; printf "
      "'\\033[31m\\n' >&2; exit 12;; *) eval \"$SSH_ORIGINAL_COMMAND\";; esac";
  const Sandbox world(setup);
  world.laptop.conf("[rsync \"p\"]\npath = ~/p\nurl = server:p\n");
  Computer::write(world.laptop.project("p") / "a", "1");
  const Finished run = world.laptop.run("sync-push", {"--timeout", "3"});
  BOOST_TEST(run.status != 0);
  BOOST_TEST(run.out.size() + run.err.size() < 10'000U);
  BOOST_TEST(!contains(run.out + run.err, "\x1b[31m"));
}

BOOST_FIXTURE_TEST_CASE(no_file_from_the_server_gets_rights_of_its_owner, Attacked) {
  begin_with({{"a", "1"}});
  Computer::write(there / "tool", "#!/bin/sh\n");
  chmod((there / "tool").c_str(), 06755);
  expect_exit(world.laptop.run("sync-pull"), 0);
  struct stat status {};
  BOOST_TEST(stat((here / "tool").c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777U) == 0755U);
}

BOOST_FIXTURE_TEST_CASE(unison_leaves_alone_what_rsync_keeps_in_the_same_folder, Attacked) {
  begin_with({{"a", "1"}});
  world.laptop.conf(section() + "[unison \"docs\"]\npath = ~/photos\nurl = ssh://server/docs\n");
  Computer::write(there / "a", "2");
  set_age(there / "a", 50);
  Computer::write(here / ".sync-partial" / "part", "x");
  expect_exit(world.laptop.run("sync-now"), 0);
  expect_exit(world.laptop.run("sync-now"), 0);
  BOOST_TEST(fs::exists(here / ".sync-backup"));
  BOOST_TEST(content_of(world.server.home() / "docs" / "a") == "2");
  BOOST_TEST(!fs::exists(world.server.home() / "docs" / ".sync-backup"));
  BOOST_TEST(!fs::exists(world.server.home() / "docs" / ".sync-partial"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
