// Many projects in one run: none disturbs another, and they share their server's connection.
#include <string>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

/// The conf text of projects p0, p1…, which the server has from now on.
std::string make_projects(const Sandbox& world, int count, const Content& content) {
  std::string conf;
  for (int number = 0; number < count; ++number) {
    const std::string name = fmt::format("p{}", number);
    world.add_repository(name, content);
    conf += world.section(name);
  }
  return conf;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(projects)

BOOST_AUTO_TEST_CASE(syncs_20_projects_of_10_branches_both_ways) {
  Sandbox world;
  const std::string conf = make_projects(world, 20, {.branches = 10, .commits = 2});
  world.laptop.conf(conf);
  world.desktop.conf(conf);
  expect_exit(world.laptop.run("sync-pull"), 0);
  for (int number = 0; number < 20; ++number) {
    const auto project = world.laptop.project(fmt::format("p{}", number));
    world.laptop.commit(project, "laptop.txt", fmt::format("{}\n", number));
    world.laptop.git(project, {"branch", "--quiet", "new"});
    world.laptop.git(project, {"branch", "--quiet", "--force", "branch-3", "branch-3"});
  }
  expect_exit(world.laptop.run("sync-push"), 0);
  expect_exit(world.desktop.run("sync-pull"), 0);
  for (int number = 0; number < 20; ++number) {
    const std::string name = fmt::format("p{}", number);
    expect_equal_refs(world, world.laptop, name);
    expect_equal_refs(world, world.desktop, name);
  }
  BOOST_TEST(named(report_of(world.desktop, "sync-now", 0).at("projects"), "p7").at("branches").empty());
}

BOOST_AUTO_TEST_CASE(a_hundred_projects_without_changes_need_at_most_two_connections) {
  Sandbox world;
  world.laptop.conf(make_projects(world, 100, {.branches = 3}));
  expect_exit(world.laptop.run("sync-pull"), 0);
  for (const auto* const tool : {"sync-pull", "sync-push", "sync-now"}) {
    const int before = world.server.connections();
    expect_exit(world.laptop.run(tool), 0);
    BOOST_TEST(world.server.connections() - before <= 2);
  }
}

BOOST_AUTO_TEST_CASE(projects_of_several_servers_sync_at_the_same_time) {
  Sandbox world;
  std::string conf = make_projects(world, 3, {.branches = 3});
  // Folders of this computer need no common connection: each job takes some of them.
  for (int number = 3; number < 12; ++number) {
    const std::string name = fmt::format("p{}", number);
    world.add_repository(name, {.branches = 3});
    conf += fmt::format("[git \"{0}\"]\npath = ~/{0}\nurl = {1}\n", name, world.bare(name).string());
  }
  world.laptop.conf(conf);
  expect_exit(world.laptop.run("sync-pull"), 0);
  for (int number = 0; number < 12; ++number) {
    world.laptop.commit(world.laptop.project(fmt::format("p{}", number)), "new.txt", fmt::format("{}\n", number));
  }
  const Json document = report_of(world.laptop, "sync-now", 0, {"--jobs", "4"});
  for (int number = 0; number < 12; ++number) {
    const std::string name = fmt::format("p{}", number);
    expect_equal_refs(world, world.laptop, name);
    BOOST_TEST(branch_of(document, name, "main").at("action") == "fast-forward");
  }
}

BOOST_AUTO_TEST_CASE(more_projects_than_files_may_be_open_at_first_sync) {
  Sandbox world;
  world.laptop.conf(make_projects(world, 40, {.branches = 1}));
  Command command = world.laptop.command("sync-pull", {});
  command.argv.insert(command.argv.begin(), {"sh", "-c", "ulimit -S -n 40 && exec \"$@\"", "sh"});
  expect_exit(run(command, {}, std::chrono::minutes(2)), 0);
}

BOOST_AUTO_TEST_CASE(where_something_else_stands_nothing_is_cloned_nor_foreseen_to_be) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  Computer::write(world.laptop.project("notes") / "mine.txt", "mine\n");
  for (const Arguments& arguments : {Arguments{"--dry-run"}, Arguments{}}) {
    const Json document = report_of(world.laptop, "sync-pull", 1, arguments);
    BOOST_TEST(contains(named(document.at("projects"), "notes").at("message").get<std::string>(), "something else"));
  }
}

BOOST_AUTO_TEST_CASE(a_dead_server_does_not_stop_a_live_one) {
  Sandbox world;
  world.add_repository("live", {.branches = 3});
  world.laptop.conf(fmt::format("[git \"dead\"]\npath = ~/dead\nurl = ssh://server:{}/dead.git\n", free_port()) +
                    world.section("live"));
  const Json document = report_of(world.laptop, "sync-pull", 4, {"--timeout", "5"});
  expect_equal_refs(world, world.laptop, "live");
  const Json dead = named(document.at("projects"), "dead");
  BOOST_TEST(dead.at("outcome") == "offline");
  BOOST_TEST(dead.at("message").is_string());
  BOOST_TEST(named(document.at("projects"), "live").at("outcome") == "ok");
}

BOOST_AUTO_TEST_CASE(a_repository_that_the_server_lacks_fails_alone) {
  Sandbox world;
  world.add_repository("here");
  world.laptop.conf(world.section("lost") + world.section("here"));
  const Json document = report_of(world.laptop, "sync-pull", 1);
  BOOST_TEST(named(document.at("projects"), "lost").at("outcome") == "failed");
  expect_equal_refs(world, world.laptop, "here");
}

BOOST_AUTO_TEST_CASE(tells_how_to_make_a_repository_that_the_server_lacks) {
  Sandbox world;
  const std::string at_home = "path = ~/home\nurl = ssh://server/~/my notes.git\n";
  world.laptop.conf(world.section("lost") + world.section("pulled", "direction = pull\n") +
                    world.section("made", "create = yes\n") + "[git \"home\"]\n" + at_home);
  const Json document = report_of(world.laptop, "sync-pull", 1);
  const auto hint = [&](const std::string& name) {
    return named(document.at("projects"), name).at("hint").get<std::string>();
  };
  const auto by_hand = [&](const std::string& name) {
    return ", or make it on the server: git init --bare '" + world.bare(name).string() + "'";
  };
  const std::string set = "correct the url, or set create = yes in its section and run sync-now, which makes it then";
  BOOST_TEST(hint("lost") == set + by_hand("lost"));
  BOOST_TEST(hint("pulled") == "correct the url" + by_hand("pulled"));
  BOOST_TEST(hint("made") == "correct the url, or run sync-now, which makes it" + by_hand("made"));
  BOOST_TEST(hint("home") == set + ", or make it on the server: git init --bare ~/'my notes.git'");
  expect_exit(world.laptop.run("sync-now", {"made"}), 0);
  expect_exit(world.laptop.run("sync-pull", {"made"}), 0);
}

BOOST_AUTO_TEST_CASE(makes_no_repository_on_a_disk_that_is_not_mounted) {
  Sandbox world;
  world.add_repository("notes");
  world.laptop.conf(world.section("notes"));
  expect_exit(world.laptop.run("sync-pull"), 0);
  const auto disk = world.path() / "disk";
  world.laptop.conf("[git \"copy\"]\npath = ~/notes\nremote = disk\ncreate = yes\nurl = " +
                    (disk / "notes.git").string());
  const Json document = report_of(world.laptop, "sync-push", 1);
  BOOST_TEST(named(document.at("projects"), "copy").at("hint") ==
             "mount its disk, or make the folder: mkdir -p '" + disk.string() + "'");
  BOOST_TEST(!std::filesystem::exists(disk));
  std::filesystem::create_directory(disk);
  expect_exit(world.laptop.run("sync-push"), 0);
  BOOST_TEST(std::filesystem::exists(disk / "notes.git"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_no_repository_fails_alone) {
  Sandbox world;
  world.add_repository("good");
  world.add_repository("folder");
  std::filesystem::create_directories(world.laptop.project("folder") / "photos");
  world.laptop.conf(world.section("folder") + world.section("good"));
  const Json document = report_of(world.laptop, "sync-pull", 1);
  BOOST_TEST(named(document.at("projects"), "folder").at("outcome") == "failed");
  expect_equal_refs(world, world.laptop, "good");
  BOOST_TEST(!std::filesystem::exists(world.laptop.project("folder") / ".git"));
}

BOOST_AUTO_TEST_CASE(repositories_with_sha256_names_fail_with_their_reason_and_are_not_touched) {
  Sandbox world;
  const auto git_init = [&](const Computer& who, const std::filesystem::path& folder, const std::string& option) {
    std::filesystem::create_directories(folder);
    who.git(folder, {"init", "--quiet", "--object-format=sha256", option});
  };
  git_init(world.owner, world.bare("empty"), "--bare");
  git_init(world.owner, world.bare("full"), "--bare");
  git_init(world.laptop, world.laptop.project("here"), "--initial-branch=main");
  world.laptop.commit(world.laptop.project("here"), "f", "1");
  world.laptop.git(world.laptop.project("here"), {"push", "--quiet", world.bare("full").string(), "main"});
  world.add_repository("good");
  world.laptop.conf(world.section("empty") + world.section("full") + world.section("here", "create = yes\n") +
                    world.section("good"));
  const Finished run = world.laptop.run("sync-now");
  expect_exit(run, 1);
  for (const auto* const name : {"empty", "full"}) {
    BOOST_TEST(contains(run.out, "the objects in " + world.url(name) + " have SHA-256 names"), run.out);
    BOOST_TEST(!std::filesystem::exists(world.laptop.project(name)));
  }
  BOOST_TEST(contains(run.out, "unsupported extension name extensions.objectformat"), run.out);
  BOOST_TEST(contains(run.out, "use git itself for it"), run.out);
  expect_equal_refs(world, world.laptop, "good");
}

BOOST_AUTO_TEST_CASE(bad_conf_lines_are_named_and_all_else_syncs) {
  Sandbox world;
  world.add_repository("good");
  world.add_repository("old");
  world.laptop.conf("[git \"bad\"]\npath = ~/bad\ncolour = red\n\n" + world.section("good"), "today.conf");
  world.laptop.conf(fmt::format("[git]\n~/only-a-path\n~/old {}\n~/evil ext::sh%20-c%20x\n~/dash -oProxyCommand=x\n",
                                world.url("old")),
                    "before.conf");
  const Json document = report_of(world.laptop, "sync-pull", 2);
  expect_equal_refs(world, world.laptop, "good");
  expect_equal_refs(world, world.laptop, "old");
  const auto names_line = [&](const std::string& file, int line) {
    for (const Json& error : document.at("errors")) {
      if (contains(error.at("file").get<std::string>(), file) && error.at("line") == line) return true;
    }
    return false;
  };
  BOOST_TEST_CONTEXT(document.at("errors").dump(2)) {
    BOOST_TEST(names_line("today.conf", 3));
    for (const int line : {2, 4, 5}) BOOST_TEST(names_line("before.conf", line));
  }
  const Finished run = world.laptop.run("sync-pull");
  expect_exit(run, 2);
  BOOST_TEST(contains(run.err, "today.conf:3"));
}

BOOST_AUTO_TEST_CASE(a_conf_file_that_others_can_write_is_refused) {
  Sandbox world;
  world.add_repository("good");
  world.add_repository("evil");
  world.laptop.conf(world.section("good"));
  world.laptop.conf(world.section("evil"), "evil.conf");
  std::filesystem::permissions(world.laptop.home() / ".sync-conf/evil.conf", std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  expect_exit(world.laptop.run("sync-pull"), 2);
  BOOST_TEST(std::filesystem::exists(world.laptop.project("good")));
  BOOST_TEST(!std::filesystem::exists(world.laptop.project("evil")));
}

BOOST_AUTO_TEST_CASE(runs_only_what_is_selected) {
  Sandbox world;
  for (const auto* const name : {"a", "b", "c", "d"}) world.add_repository(name);
  world.laptop.conf(world.section("a", "group = work\n") + world.section("b", "env = office\n") + world.section("c") +
                    world.section("d", "direction = push\n"));
  const auto present = [&] {
    std::string names;
    for (const auto* const name : {"a", "b", "c", "d"}) {
      if (std::filesystem::exists(world.laptop.project(name))) names += name;
    }
    return names;
  };
  expect_exit(world.laptop.run("sync-pull", {"--group", "work"}), 0);
  BOOST_TEST(present() == "a");
  expect_exit(world.laptop.run("sync-pull", {"c", "d"}), 0);
  BOOST_TEST(present() == "ac");
  expect_exit(world.laptop.run("sync-pull", {"--env", "office"}), 0);
  BOOST_TEST(present() == "abc");
  expect_exit(world.laptop.run("sync-pull", {"nonsense"}), 2);
  expect_exit(world.laptop.run("sync-pull", {"--nonsense"}), 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
