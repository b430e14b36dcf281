// Servers behind http and https: everything goes through git, so that its configuration and its helpers count; and no
// password is ever seen by anybody else.
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"
#include "support/terminal.hpp"
#include "support/web_server.hpp"

namespace syncmanager::test {

namespace {

using Clock = std::chrono::steady_clock;

std::string section(const std::string& name, const std::string& server, const std::string& lines = {}) {
  return fmt::format("[git \"{0}\"]\npath = ~/{0}\nurl = {1}/{0}.git\n{2}\n", name, server, lines);
}

std::string whole(const Finished& run) {
  return run.out + run.err;
}

/// Two computers and a web server with the project `notes`.
struct Web {
  Sandbox world;
  WebServer server;

  explicit Web(const WebSetup& setup = {}) : server(world.server.home(), setup) {
    world.add_repository("notes", {.branches = 3});
    for (const Computer* computer : {&world.laptop, &world.desktop}) {
      computer->conf(section("notes", server.url_with_password()));
    }
  }

  void trust_authority() {
    for (Computer* computer : {&world.laptop, &world.desktop}) {
      computer->set("GIT_SSL_CAINFO", server.authority().string());
    }
  }

  void expect_all_branches_travel_both_ways() const {
    expect_exit(world.laptop.run("sync-pull"), 0);
    expect_exit(world.desktop.run("sync-pull"), 0);
    expect_equal_refs(world, world.laptop, "notes");
    const auto folder = world.laptop.project("notes");
    world.laptop.commit(folder, "a.txt", "a\n");
    world.laptop.git(folder, {"branch", "new"});
    world.laptop.git(folder, {"tag", "--annotate", "--message", "first", "v1"});
    add_commits(world.desktop, world.desktop.project("notes"), "branch-1", 3);
    expect_exit(world.laptop.run("sync-now"), 0);
    expect_exit(world.desktop.run("sync-now"), 0);
    expect_exit(world.laptop.run("sync-now"), 0);
    expect_equal_refs(world, world.laptop, "notes");
    expect_equal_refs(world, world.desktop, "notes");
    BOOST_TEST(content_of(world.desktop.project("notes") / "a.txt") == "a\n");
    world.laptop.git(folder, {"fsck", "--strict"});
  }
};

/// A `git` in front of the real one that records the arguments and the environment of every git there is, helpers and
/// remote programs included: the file where it does.
std::filesystem::path spy_on_git(Computer& computer) {
  const auto folder = computer.home() / "spy";
  const auto record = folder / "record";
  Computer::write(
      folder / "git",
      fmt::format("#!/bin/sh\nPATH=${{PATH#{0}:}}\n{{ echo \"$0 $*\"; cat /proc/[0-9]*/cmdline | tr '\\0' ' '; "
                  "env; }} >>{0}/record 2>/dev/null\nPATH={0}:$PATH exec {1} \"$@\"\n",
                  folder.string(), "/usr/bin/git"));
  std::filesystem::permissions(folder / "git", std::filesystem::perms::owner_all);
  for (const std::string& variable : computer.environment()) {
    if (variable.starts_with("PATH=")) computer.set("PATH", folder.string() + ':' + variable.substr(5));
  }
  return record;
}

void expect_no_secret(const std::string& text) {
  for (const auto* const secret : {WebServer::password, WebServer::encoded_password, WebServer::token}) {
    BOOST_TEST(!contains(text, secret), "the password is in:\n" << text);
  }
}

std::string outcome_of(const Json& document, const std::string& project) {
  return named(document.at("projects"), project).at("outcome");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(web)

BOOST_AUTO_TEST_CASE(all_branches_travel_both_ways_over_http) {
  const Web web;
  web.expect_all_branches_travel_both_ways();
}

BOOST_AUTO_TEST_CASE(all_branches_travel_both_ways_over_https) {
  Web web({.tls = true});
  web.trust_authority();
  web.expect_all_branches_travel_both_ways();
}

BOOST_AUTO_TEST_CASE(a_second_run_has_nothing_to_do_and_touches_nothing) {
  const Web web;
  expect_exit(web.world.laptop.run("sync-now"), 0);
  const auto before = snapshot(web.world.laptop.project("notes") / ".git");
  expect_exit(web.world.laptop.run("sync-now"), 0);
  BOOST_TEST(differences(before, snapshot(web.world.laptop.project("notes") / ".git")).empty());
}

BOOST_AUTO_TEST_CASE(a_dry_run_fetches_what_it_compares_and_touches_nothing) {
  const Web web;
  const Computer& laptop = web.world.laptop;
  expect_exit(laptop.run("sync-now"), 0);
  add_commits(web.world.owner, web.world.bare("notes"), "main", 2);
  laptop.git(laptop.project("notes"), {"branch", "new"});
  const auto before = snapshot(laptop.project("notes") / ".git");
  const Json document = report_of(laptop, "sync-now", 0, {"--dry-run"});
  BOOST_TEST(branch_of(document, "notes", "main").at("action") == "fast-forward");
  BOOST_TEST(branch_of(document, "notes", "new").at("action") == "create");
  BOOST_TEST(differences(before, snapshot(laptop.project("notes") / ".git")).empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_authority_is_no_access_until_gits_settings_name_it) {
  const Web web({.tls = true});
  const Computer& laptop = web.world.laptop;
  const Json document = report_of(laptop, "sync-pull", 5);
  BOOST_TEST(outcome_of(document, "notes") == "auth");
  const std::string hint = named(document.at("projects"), "notes").at("hint");
  BOOST_TEST(contains(hint, "http.sslCAInfo"));
  BOOST_TEST(!std::filesystem::exists(laptop.project("notes")));
  laptop.git(laptop.home(), {"config", "--global", "http.sslCAInfo", web.server.authority().string()});
  expect_exit(laptop.run("sync-pull"), 0);
  expect_equal_refs(web.world, laptop, "notes");
}

BOOST_AUTO_TEST_CASE(settings_of_the_repository_itself_count) {
  const Web web({.tls = true});
  const Computer& laptop = web.world.laptop;
  const auto folder = laptop.project("notes");
  laptop.git(laptop.home(), {"init", "--quiet", folder.string()});
  laptop.git(folder, {"config", "http.sslCAInfo", web.server.authority().string()});
  expect_exit(laptop.run("sync-pull", {"--dry-run"}), 0);
  expect_exit(laptop.run("sync-pull"), 0);
  add_commits(web.world.owner, web.world.bare("notes"), "branch-1", 1);
  expect_exit(laptop.run("sync-pull", {"--dry-run"}), 0);
  expect_exit(laptop.run("sync-pull"), 0);
  expect_equal_refs(web.world, laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_credential_helper_of_the_users_gives_the_password) {
  const Web web;
  const Computer& laptop = web.world.laptop;
  laptop.conf(section("notes", web.server.url()));
  laptop.git(laptop.home(), {"config", "--global", "credential.helper", "store"});
  Computer::write(laptop.home() / ".git-credentials", web.server.url_with_password() + '\n');
  expect_exit(laptop.run("sync-pull"), 0);
  laptop.commit(laptop.project("notes"), "a.txt", "a\n");
  expect_exit(laptop.run("sync-push"), 0);
  expect_equal_refs(web.world, laptop, "notes");
}

BOOST_AUTO_TEST_CASE(a_password_or_a_token_in_the_url_is_seen_by_nobody) {
  Web web;
  Computer& laptop = web.world.laptop;
  const auto record = spy_on_git(laptop);
  for (const std::string& url : {web.server.url_with_password(), web.server.url(std::string(WebServer::token) + '@')}) {
    laptop.conf(section("notes", url));
    Finished run = laptop.run("sync-pull", {"-v"});
    expect_exit(run, 0);
    expect_no_secret(whole(run));
    laptop.commit(laptop.project("notes"), "a.txt", url);
    run = laptop.run("sync-push", {"--json"});
    expect_exit(run, 0);
    expect_no_secret(whole(run));
    expect_no_secret(whole(laptop.run("sync-setconf", {"-v"})));
    expect_no_secret(whole(laptop.run("sync-setconf", {"--check"})));
  }
  BOOST_TEST(contains(content_of(record), "ls-remote"));
  expect_no_secret(content_of(record));
  expect_no_secret(content_of(laptop.project("notes") / ".git/config"));
  expect_no_secret(content_of(laptop.project("notes") / ".git/syncmanager/origin.base"));
}

BOOST_AUTO_TEST_CASE(a_helper_gives_the_password_of_a_user_whose_name_may_be_a_token) {
  const Web web;
  const Computer& laptop = web.world.laptop;
  const std::string name = "a-name-as-long-as-a-token";
  laptop.conf(section("notes", web.server.url(name + '@')));
  laptop.git(laptop.home(), {"config", "--global", "credential.helper",
                             "!f() { grep -q username=" + name + " && echo username=jane && echo password='" +
                                 WebServer::password + "'; }; f"});
  expect_exit(laptop.run("sync-pull"), 0);
}

BOOST_AUTO_TEST_CASE(a_password_in_the_url_is_gone_when_the_run_ends) {
  Web web;
  const auto folder = web.world.path() / "tmp";
  std::filesystem::create_directory(folder);
  web.world.laptop.set("TMPDIR", folder.string());
  expect_exit(web.world.laptop.run("sync-pull"), 0);
  BOOST_TEST(std::filesystem::is_empty(folder));
}

BOOST_AUTO_TEST_CASE(passwords_of_one_user_for_different_repositories_are_kept_apart) {
  const Web web;
  web.world.add_repository("blog");
  const Computer& laptop = web.world.laptop;
  laptop.conf(section("blog", web.server.url("jane:wrong@")) + section("notes", web.server.url_with_password()));
  const Json document = report_of(laptop, "sync-pull", 5, {"--jobs", "1"});
  BOOST_TEST(outcome_of(document, "blog") == "auth");
  BOOST_TEST(outcome_of(document, "notes") == "ok");
}

BOOST_AUTO_TEST_CASE(a_wrong_or_a_missing_password_ends_soon_and_nobody_is_asked) {
  const Web web;
  const Computer& laptop = web.world.laptop;
  const auto begin = Clock::now();
  for (const std::string login : {"jane:w-r-o-n-g@", "jane@", ""}) {
    BOOST_TEST_CONTEXT(login) {
      laptop.conf(section("notes", web.server.url(login)));
      const Finished run = laptop.run("sync-pull");
      expect_exit(run, 5);
      BOOST_TEST(contains(whole(run), "credential helper"));
      BOOST_TEST(!contains(whole(run), "w-r-o-n-g"));
      BOOST_TEST(!std::filesystem::exists(laptop.project("notes")));
    }
  }
  BOOST_TEST((Clock::now() - begin < std::chrono::seconds(30)));
}

BOOST_AUTO_TEST_CASE(no_window_opens_in_the_background) {
  Web web;
  Computer& laptop = web.world.laptop;
  laptop.conf(section("notes", web.server.url("jane@")));
  const auto opened = laptop.home() / "opened";
  Computer::write(laptop.home() / "askpass", "#!/bin/sh\ntouch " + opened.string() + "\necho x\n");
  std::filesystem::permissions(laptop.home() / "askpass", std::filesystem::perms::owner_all);
  for (const auto* const variable : {"GIT_ASKPASS", "SSH_ASKPASS"}) {
    laptop.set(variable, (laptop.home() / "askpass").string());
  }
  laptop.git(laptop.home(), {"config", "--global", "core.askPass", (laptop.home() / "askpass").string()});
  expect_exit(laptop.run("sync-pull"), 5);
  BOOST_TEST(!std::filesystem::exists(opened));
}

BOOST_AUTO_TEST_CASE(at_a_terminal_a_person_is_asked_once_for_all_projects) {
  const Web web;
  std::string conf = section("notes", web.server.url());
  for (const auto* const name : {"a", "b", "c", "d"}) {
    web.world.add_repository(name, {.branches = 2});
    conf += section(name, web.server.url());
  }
  const Computer& laptop = web.world.laptop;
  laptop.conf(conf);
  const Finished run = run_on_terminal(laptop.command("sync-pull", {"--no-progress"}),
                                       {{"Username for", WebServer::user}, {"Password for", WebServer::password}});
  expect_exit(run, 0);
  expect_no_secret(run.out);
  BOOST_TEST(run.out.find("Password for") == run.out.rfind("Password for"));
  for (const auto* const name : {"notes", "a", "b", "c", "d"}) expect_equal_refs(web.world, laptop, name);
}

BOOST_AUTO_TEST_CASE(at_a_terminal_a_wrong_answer_is_not_asked_for_again) {
  const Web web;
  web.world.add_repository("blog");
  const Computer& laptop = web.world.laptop;
  laptop.conf(section("blog", web.server.url("jane@")) + section("notes", web.server.url("jane@")));
  const Finished run = run_on_terminal(laptop.command("sync-pull", {"--no-progress"}), {{"Password for", "nonsense"}});
  expect_exit(run, 5);
  BOOST_TEST(run.out.find("Password for") == run.out.rfind("Password for"));
}

BOOST_AUTO_TEST_CASE(a_redirect_to_another_server_takes_no_password_along) {
  Web web;
  WebServer redirects(web.world.server.home(), {.redirect_to = web.server.url()});
  web.world.laptop.conf(section("notes", redirects.url_with_password()));
  expect_exit(web.world.laptop.run("sync-pull"), 5);
  BOOST_TEST(contains(redirects.requests(), " 301 Basic"));
  const std::string requests = web.server.requests();
  BOOST_TEST(contains(requests, "GET /notes.git/info/refs"));
  BOOST_TEST(!contains(requests, "Basic"), requests);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_server_decides_the_exit_status) {
  const Web web;
  const Computer& laptop = web.world.laptop;
  laptop.conf(section("notes", fmt::format("http://localhost:{}", free_port())));
  expect_exit(laptop.run("sync-pull"), 4);
  laptop.conf(section("notes", "http://nowhere.invalid"));
  expect_exit(laptop.run("sync-pull"), 4);
  laptop.conf(section("nothing", web.server.url_with_password()));
  const Finished missing = laptop.run("sync-pull");
  expect_exit(missing, 1);
  BOOST_TEST(contains(whole(missing), "not found"));
  laptop.conf(section("nothing", web.server.url_with_password(), "create = yes"));
  laptop.git(laptop.home(), {"init", "--quiet", laptop.project("nothing").string()});
  const Finished created = laptop.run("sync-push");
  expect_exit(created, 1);
  BOOST_TEST(contains(whole(created), "make the repository there first"));
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_offline_within_the_time_limit) {
  const Web web;
  const SilentServer silent;
  for (const auto* const scheme : {"http", "https"}) {
    web.world.laptop.conf(section("notes", fmt::format("{}://localhost:{}", scheme, silent.port())));
    const auto begin = Clock::now();
    expect_exit(web.world.laptop.run("sync-pull", {"--timeout", "2"}), 4);
    BOOST_TEST((Clock::now() - begin < std::chrono::seconds(20)));
  }
}

BOOST_AUTO_TEST_CASE(what_is_broken_on_the_server_keeps_no_other_project_from_syncing) {
  const Web web;
  web.world.add_repository("broken");
  Computer::write(web.world.bare("broken") / "config", "no configuration\n");
  const std::string server = web.server.url_with_password();
  web.world.laptop.conf(section("broken", server) + section("notes", server));
  const Json document = report_of(web.world.laptop, "sync-pull", 4, {"--jobs", "1"});
  BOOST_TEST(outcome_of(document, "broken") == "offline");
  BOOST_TEST(outcome_of(document, "notes") == "ok");
}

BOOST_AUTO_TEST_CASE(what_the_server_rejects_is_reported_for_each_branch_with_its_words) {
  const Web web;
  const Computer& laptop = web.world.laptop;
  expect_exit(laptop.run("sync-pull"), 0);
  const auto hook = web.world.bare("notes") / "hooks/update";
  Computer::write(hook, "#!/bin/sh\ntest \"$1\" != refs/heads/main || { echo 'main is closed'; exit 1; }\n");
  std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
  const auto folder = laptop.project("notes");
  laptop.commit(folder, "a.txt", "a\n");
  laptop.git(folder, {"branch", "new"});
  const Json document = report_of(laptop, "sync-push", 1);
  BOOST_TEST(branch_of(document, "notes", "main").at("outcome") == "failed");
  BOOST_TEST(branch_of(document, "notes", "main").at("reason") == "rejected");
  BOOST_TEST(branch_of(document, "notes", "new").at("outcome") == "ok");
  const Finished run = laptop.run("sync-push");
  BOOST_TEST(contains(whole(run), "main is closed"), whole(run));
  BOOST_TEST(!contains(whole(run), "100%"), whole(run));
}

BOOST_AUTO_TEST_CASE(web_projects_sync_beside_those_of_other_servers) {
  const Web web;
  std::string conf;
  for (int number = 0; number < 6; ++number) {
    const std::string name = fmt::format("p{}", number);
    web.world.add_repository(name, {.branches = 2});
    conf += number % 2 == 0 ? web.world.section(name) : section(name, web.server.url_with_password());
  }
  conf += section("dead", fmt::format("http://localhost:{}", free_port()));
  web.world.laptop.conf(conf);
  const Json document = report_of(web.world.laptop, "sync-now", 4);
  BOOST_TEST(outcome_of(document, "dead") == "offline");
  for (int number = 0; number < 6; ++number) {
    const std::string name = fmt::format("p{}", number);
    BOOST_TEST(outcome_of(document, name) == "ok");
    expect_equal_refs(web.world, web.world.laptop, name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
