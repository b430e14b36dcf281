#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "ui/report.hpp"
#include "unit/ui/sample.hpp"

namespace syncmanager::ui {

namespace {

using nlohmann::json;
using test::branch;
using test::project;
using test::refused;
using test::run;
using test::trouble;

json parsed(const RunReport& report, bool verbose = false) {
  return json::parse(json_report(report, verbose));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_report_)

BOOST_AUTO_TEST_CASE(describes_a_run_as_the_manual_says) {
  BranchOutcome dirty = refused("main", Reason::dirty, "local changes are in the way", "commit them");
  dirty.files = {"a.txt"};
  RunReport report = run({project("notes", {branch("new", Done::create, Side::local, '-', '3'), dirty})});
  report.errors = {{{"work.conf", 12}, "unknown key 'pth'"}};
  const json expected = json::parse(R"({
    "schema": 1, "tool": "sync-now", "started": "2026-11-22T21:00:00Z", "seconds": 0.31, "dry_run": false, "exit": 2,
    "projects": [{"name": "notes", "client": "git", "path": "/home/jane/notes", "remote": "origin",
      "url": "ssh://git@server/srv/git/notes.git", "outcome": "attention", "message": null, "hint": null,
      "server_words": null, "seconds": 0.02,
      "branches": [
        {"name": "new", "action": "create", "side": "local", "old": null,
         "new": "3333333333333333333333333333333333333333", "outcome": "ok", "reason": null, "message": null,
         "hint": null, "files": [], "commits": [], "server_words": null},
        {"name": "main", "action": "refuse", "side": "local", "old": "1111111111111111111111111111111111111111",
         "new": "2222222222222222222222222222222222222222", "outcome": "attention", "reason": "dirty",
         "message": "local changes are in the way", "hint": "commit them", "files": ["a.txt"], "commits": [],
         "server_words": null}],
      "tags": [], 
      "files": {"copied": 0, "deleted": 0, "local": {"copied": 0, "replaced": 0, "deleted": 0},
                "server": {"copied": 0, "replaced": 0, "deleted": 0}, "conflicts": [], "troubles": [], "left_out": [],
                "backup": null}}],
    "errors": [{"file": "work.conf", "line": 12, "message": "unknown key 'pth'"}],
    "summary": {"projects": 1, "changed": 1, "attention": 1, "failed": 0}
  })");
  BOOST_TEST(parsed(report).dump(1) == expected.dump(1));
}

BOOST_AUTO_TEST_CASE(keeps_the_order_of_the_manual_and_ends_with_one_line_feed) {
  const std::string text = json_report(run({}), false);
  BOOST_TEST(text.starts_with("{\n  \"schema\": 1,\n  \"tool\": \"sync-now\","));
  BOOST_TEST(text.ends_with("}\n"));
  BOOST_TEST(!text.ends_with("\n\n"));
}

BOOST_AUTO_TEST_CASE(tells_unknown_from_zero_and_empty) {
  ProjectOutcome folder = trouble("photos", Status::skipped, "", "");
  folder.client = Client::rsync;
  folder.remote.clear();
  RunReport report = run({folder});
  report.errors = {{{"", 0}, "no project is called 'x'"}};
  const json value = parsed(report);
  const json& photos = value["projects"][0];
  BOOST_TEST(photos["remote"].is_null());
  BOOST_TEST(photos["message"].is_null());
  BOOST_TEST(photos["hint"].is_null());
  BOOST_TEST(photos["files"]["copied"] == 0);
  BOOST_TEST(value["errors"][0]["file"].is_null());
  BOOST_TEST(value["errors"][0]["line"].is_null());
  BOOST_TEST(value["summary"]["changed"] == 0);
}

BOOST_AUTO_TEST_CASE(tells_the_files_of_a_folder_by_side) {
  ProjectOutcome photos = trouble("photos", Status::failed, "1 problem while copying", "mend that");
  photos.files.here = {.copied = 5, .replaced = 2, .deleted = 0};
  photos.files.there = {.copied = 1, .replaced = 0, .deleted = 3};
  photos.files.moves = {{Side::local, false, "a"}};
  photos.files.conflicts = {"we\nird", "bad\xff"};
  photos.files.troubles = {"open \"/srv/\x1b[31m\": Permission denied (13)"};
  photos.files.left_out = {"code/.git"};
  photos.files.backup = ".sync-backup/2026-11-24T22-57-26.123Z";
  const json value = parsed(run({photos}));
  BOOST_TEST(value["projects"][0]["files"] == json::parse(R"json({
    "copied": 6, "deleted": 3,
    "local": {"copied": 5, "replaced": 2, "deleted": 0}, "server": {"copied": 1, "replaced": 0, "deleted": 3},
    "conflicts": ["we\nird", "\"bad\\377\""], "troubles": ["open \"/srv/\u001b[31m\": Permission denied (13)"],
    "left_out": ["code/.git"], "backup": ".sync-backup/2026-11-24T22-57-26.123Z"})json"));
  BOOST_TEST(value["summary"]["changed"] == 1);
  BOOST_TEST(value["summary"]["failed"] == 1);
}

BOOST_AUTO_TEST_CASE(leaves_out_branches_in_sync_unless_verbose) {
  ProjectOutcome notes = project("notes", {branch("main", Done::none, Side::local, '1', '1')});
  notes.tags = {branch("v1", Done::none, Side::local, '1', '1'), branch("v2", Done::create, Side::server, '-', '1')};
  BOOST_TEST(parsed(run({notes}))["projects"][0]["branches"].empty());
  BOOST_TEST(parsed(run({notes}))["projects"][0]["tags"].size() == 1U);
  BOOST_TEST(parsed(run({notes}), true)["projects"][0]["branches"].size() == 1U);
  BOOST_TEST(parsed(run({notes}), true)["projects"][0]["tags"].size() == 2U);
}

BOOST_AUTO_TEST_CASE(is_pure_ascii_whatever_the_names) {
  const std::string evil = "\x1b[31m\xe2\x80\xae\xf0\x9f\x98\x80\x7f";
  const std::string no_utf8 = "caf\xe9\t\"x\"";
  BranchOutcome bad = refused(no_utf8, Reason::dirty, evil, evil);
  bad.files = {no_utf8};
  bad.server_words = evil;
  bad.commits = {{Side::server, test::oid('b'), evil, std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)),
                  std::chrono::minutes(-90), no_utf8}};
  RunReport report = run({project(evil, {bad})});
  report.projects[0].path = "/srv/\xff";
  const std::string text = json_report(report, false);
  BOOST_TEST(std::ranges::all_of(text, [](char byte) { return byte == '\n' || (byte >= ' ' && byte < 0x7f); }));
  const json value = json::parse(text)["projects"][0];
  BOOST_TEST(value["name"] == evil);
  BOOST_TEST(value["path"] == R"("/srv/\377")");
  BOOST_TEST(value["branches"][0]["name"] == R"("caf\351\t\"x\"")");
  BOOST_TEST(value["branches"][0]["message"] == evil);
  BOOST_TEST(value["branches"][0]["server_words"] == evil);
  BOOST_TEST(value["branches"][0]["files"][0] == R"("caf\351\t\"x\"")");
  const json commit = value["branches"][0]["commits"][0];
  BOOST_TEST(commit["side"] == "server");
  BOOST_TEST(commit["oid"] == test::oid('b').hex());
  BOOST_TEST(commit["author"] == evil);
  BOOST_TEST(commit["date"] == "2023-11-14T20:43:20-01:30");
  BOOST_TEST(commit["subject"] == R"("caf\351\t\"x\"")");
}

BOOST_AUTO_TEST_CASE(writes_the_exit_code_of_the_process) {
  BOOST_TEST(parsed(run({project("a")}))["exit"] == 0);
  BOOST_TEST(parsed(run({trouble("a", Status::offline, "x"), trouble("b", Status::auth, "x")}))["exit"] == 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
