#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "ui/report.hpp"
#include "unit/ui/sample.hpp"

namespace syncmanager::ui {

namespace {

using test::branch;
using test::project;
using test::refused;
using test::run;
using test::trouble;

const TextStyle unicode{.colour = false, .unicode = true, .verbose = false, .quiet = false};
const TextStyle ascii{};
const TextStyle verbose{.colour = false, .unicode = true, .verbose = true, .quiet = false};
const TextStyle quiet{.colour = false, .unicode = true, .verbose = false, .quiet = true};
const TextStyle coloured{.colour = true, .unicode = true, .verbose = false, .quiet = false};

RunReport moved_run() {
  return run({
      project("notes",
              {branch("main", Done::fast_forward, Side::local, '1', '2'),
               branch("topic/x", Done::create, Side::local, '-', '3'),
               branch("old", Done::remove, Side::local, '4', '-'), branch("same", Done::none, Side::local, '5', '5')}),
      project("in-sync", {branch("main", Done::none, Side::local, '6', '6')}),
      project("photos-db", {branch("wip", Done::replace, Side::server, '7', '8'),
                            branch("main", Done::merge, Side::local, '9', 'a')}),
  });
}

RunReport troubled_run() {
  return run({
      project("notes", {branch("main", Done::fast_forward, Side::local, '1', '2'),
                        refused("experiment", Reason::diverged, "3 commits only here, 2 only on the server",
                                "git -C ~/notes merge origin/experiment")}),
      trouble("mail", Status::offline, "connect to nas.local port 22: connection refused", "try again later"),
      trouble("music", Status::offline, "connect to nas.local port 22: connection refused", "try again later"),
      trouble("keys", Status::auth, "permission denied (publickey)", "ssh-add -l lists no key; run ssh-add"),
      project("code"),
  });
}

ProjectOutcome copied_photos() {
  ProjectOutcome photos = project("photos");
  photos.files.here = {.copied = 1204, .replaced = 2, .deleted = 0};
  photos.files.there = {.copied = 1, .replaced = 0, .deleted = 3};
  photos.files.moves = {
      {Side::local, false, "a b"}, {Side::local, false, "\x1b[31mred\n"}, {Side::server, true, "old"}};
  photos.files.backup = ".sync-backup/2026-11-24T22-57-26.123Z";
  return photos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_report_)

BOOST_AUTO_TEST_CASE(says_one_quiet_line_where_nothing_changed) {
  const std::vector<ProjectOutcome> hundred(100, project("x", {branch("main", Done::none, Side::local, '1', '1')}));
  BOOST_TEST(text_report(run(hundred), unicode) == "100 projects in sync (0.31 s)\n");
  BOOST_TEST(text_report(run({project("x")}), unicode) == "1 project in sync (0.31 s)\n");
  BOOST_TEST(text_report(run({}), unicode) == "no projects (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(aligns_what_moved) {
  BOOST_TEST(text_report(moved_run(), unicode) ==
             "notes      ↓ main     1111111 → 2222222\n"
             "           ↓ topic/x  new     → 3333333\n"
             "           ↓ old      4444444 → deleted\n"
             "photos-db  ↑ wip      7777777 → 8888888  replaced\n"
             "           ↓ main     9999999 → aaaaaaa  merged\n"
             "3 projects, 2 changed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(uses_ascii_where_the_locale_is_not_utf8) {
  BOOST_TEST(text_report(moved_run(), ascii) ==
             "notes      pull main     1111111 -> 2222222\n"
             "           pull topic/x  new     -> 3333333\n"
             "           pull old      4444444 -> deleted\n"
             "photos-db  push wip      7777777 -> 8888888  replaced\n"
             "           pull main     9999999 -> aaaaaaa  merged\n"
             "3 projects, 2 changed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(says_would_in_a_dry_run) {
  RunReport report = moved_run();
  report.dry_run = true;
  BOOST_TEST(text_report(report, unicode) ==
             "notes      ↓ main     1111111 → 2222222  would fast-forward\n"
             "           ↓ topic/x  new     → 3333333  would create\n"
             "           ↓ old      4444444 → deleted  would delete\n"
             "photos-db  ↑ wip      7777777 → 8888888  would replace\n"
             "           ↓ main     9999999 → aaaaaaa  would merge\n"
             "dry run: 3 projects, 2 would change (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(lists_everything_when_verbose) {
  RunReport report = moved_run();
  report.projects.pop_back();
  report.projects.push_back(project("empty"));
  report.projects.push_back(trouble("photos", Status::skipped, "the rsync client comes with a later release"));
  BOOST_TEST(text_report(report, verbose) ==
             "notes    ↓ main     1111111 → 2222222\n"
             "         ↓ topic/x  new     → 3333333\n"
             "         ↓ old      4444444 → deleted\n"
             "         = same     5555555\n"
             "in-sync  = main     6666666\n"
             "empty    in sync\n"
             "\n"
             "skipped:\n"
             "  photos: the rsync client comes with a later release\n"
             "\n"
             "4 projects, 1 changed, 1 skipped (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(tells_problems_last_and_one_cause_once) {
  BOOST_TEST(text_report(troubled_run(), unicode) ==
             "notes  ↓ main  1111111 → 2222222\n"
             "\n"
             "no access:\n"
             "  keys: permission denied (publickey)\n"
             "    → ssh-add -l lists no key; run ssh-add\n"
             "\n"
             "needs you:\n"
             "  notes: experiment (diverged): 3 commits only here, 2 only on the server\n"
             "    → git -C ~/notes merge origin/experiment\n"
             "\n"
             "offline:\n"
             "  mail, music: connect to nas.local port 22: connection refused\n"
             "    → try again later\n"
             "\n"
             "5 projects, 1 changed, 1 without access, 1 needs you, 2 offline (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(says_only_what_is_wrong_when_quiet) {
  BOOST_TEST(text_report(moved_run(), quiet) == "");
  BOOST_TEST(text_report(run({project("notes", {branch("main", Done::create, Side::local, '-', '1')}),
                              trouble("mail", Status::locked, "another run holds it", "")}),
                         quiet) ==
             "locked:\n"
             "  mail: another run holds it\n");
}

BOOST_AUTO_TEST_CASE(names_files_lines_and_tags_under_their_problem) {
  BranchOutcome dirty = refused("main", Reason::dirty, "local changes are in the way", "commit or stash them");
  dirty.files = {"a.txt", "b c.txt"};
  BranchOutcome rejected = refused("wip", Reason::rejected, "the server said:\nGH006: protected branch\n", "");
  rejected.result = Result::failed;
  ProjectOutcome notes = project("notes", {dirty, rejected});
  notes.tags = {refused("v1", Reason::tag_moved, "", "")};
  BOOST_TEST(text_report(run({notes}), quiet) ==
             "failed:\n"
             "  notes: wip (rejected): the server said:\n"
             "    GH006: protected branch\n"
             "\n"
             "needs you:\n"
             "  notes: main (dirty): local changes are in the way\n"
             "      a.txt\n"
             "      b c.txt\n"
             "    → commit or stash them\n"
             "  notes: tag v1 (tag-moved)\n");
}

BOOST_AUTO_TEST_CASE(shortens_a_long_list_of_files_unless_verbose) {
  BranchOutcome dirty = refused("main", Reason::dirty, "local changes are in the way", "");
  dirty.files.assign(12, "file");
  const RunReport report = run({project("notes", {dirty})});
  BOOST_TEST(text_report(report, quiet).find("      and 2 more files (-v lists all)\n") != std::string::npos);
  BOOST_TEST(text_report(report, verbose).find("more file") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(wraps_many_names_of_one_cause) {
  std::vector<ProjectOutcome> projects;
  for (int i = 10; i < 24; ++i) {
    projects.push_back(trouble("project-" + std::to_string(i), Status::offline, "connection refused"));
  }
  BOOST_TEST(text_report(run(projects), quiet) ==
             "offline:\n"
             "  project-10, project-11, project-12, project-13, project-14, project-15,\n"
             "  project-16, project-17, project-18, project-19, project-20, project-21,\n"
             "  project-22, project-23:\n"
             "    connection refused\n");
}

BOOST_AUTO_TEST_CASE(a_skipped_project_is_not_said_to_be_in_sync) {
  const ProjectOutcome skipped = trouble("s", Status::skipped, "its direction is push");
  BOOST_TEST(text_report(run({skipped}), unicode) == "1 project, 1 skipped (0.31 s)\n");
  BOOST_TEST(text_report(run({project("a"), skipped, project("b")}), unicode) ==
             "2 projects in sync, 1 skipped (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(tells_what_an_unmoved_project_has_to_say) {
  ProjectOutcome created = project("notes");
  created.message = "created the repository on the server";
  BOOST_TEST(text_report(run({created}), unicode) ==
             "notes  created the repository on the server\n"
             "1 project, 1 changed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(what_was_done_is_no_problem_beside_a_branch_that_waits) {
  ProjectOutcome undone = project("notes", {branch("topic", Done::remove, Side::local, '1', '2'),
                                            refused("main", Reason::dirty, "local changes are in the way", "look")});
  undone.status = Status::attention;
  undone.message = "taken back in part: sync-pull";
  BOOST_TEST(text_report(run({undone}), unicode) ==
             "notes  ↓ topic  1111111 → 2222222\n"
             "       taken back in part: sync-pull\n"
             "\n"
             "needs you:\n"
             "  notes: main (dirty): local changes are in the way\n"
             "    → look\n"
             "\n"
             "1 project, 1 changed, 1 needs you (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(repeats_what_the_server_said) {
  ProjectOutcome pushed = project("notes", {branch("main", Done::fast_forward, Side::server, '1', '2')});
  pushed.server_words = "welcome\nto open a review: https://server/\x1b[1m";
  ProjectOutcome refusing = trouble("code", Status::failed, "push to ssh://server/code.git: refused", "ask its owner");
  refusing.server_words = "closed today";
  BOOST_TEST(text_report(run({pushed, refusing}), unicode) ==
             "notes  ↑ main  1111111 → 2222222\n"
             "       server: welcome\n"
             "       server: to open a review: https://server/\\x1b[1m\n"
             "\n"
             "failed:\n"
             "  code: push to ssh://server/code.git: refused\n"
             "    server: closed today\n"
             "    → ask its owner\n"
             "\n"
             "2 projects, 1 changed, 1 failed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(tells_the_servers_words_with_the_branch_that_they_are_about) {
  BranchOutcome rejected = refused("wip", Reason::rejected, "the server refused it: hook declined", "");
  rejected.result = Result::failed;
  const BranchOutcome waiting = refused("zoo", Reason::diverged, "both sides moved", "");
  ProjectOutcome several = project("notes", {rejected, waiting});
  several.server_words = "closed\ntoday\x1b[1m";
  BOOST_TEST(text_report(run({several}), quiet) ==
             "failed:\n"
             "  notes: wip (rejected): the server refused it: hook declined\n"
             "  notes\n"
             "    server: closed\n"
             "    server: today\\x1b[1m\n"
             "\n"
             "needs you:\n"
             "  notes: zoo (diverged): both sides moved\n");
  rejected.server_words = "frozen\x1b[1m";
  BOOST_TEST(text_report(run({project("notes", {rejected, waiting})}), quiet) ==
             "failed:\n"
             "  notes: wip (rejected): the server refused it: hook declined\n"
             "    server: frozen\\x1b[1m\n"
             "\n"
             "needs you:\n"
             "  notes: zoo (diverged): both sides moved\n");
}

BOOST_AUTO_TEST_CASE(tells_who_made_the_commits_that_only_one_side_has) {
  using namespace std::chrono_literals;
  BranchOutcome waiting = refused("main", Reason::diverged, "both sides moved", "merge them");
  const std::chrono::sys_seconds time(1'700'000'000s);  // 22:13 on the 14th of November 2023
  waiting.commits = {{Side::local, test::oid('a'), "Jane Doe", time, 60min, "fix the parser"},
                     {Side::server, test::oid('b'), "Jo\x1b", time, -90min, std::string(70, 'x')}};
  BOOST_TEST(text_report(run({project("notes", {waiting})}), quiet) ==
             "needs you:\n"
             "  notes: main (diverged): both sides moved\n"
             "      here    aaaaaaa  2023-11-14 23:13  Jane Doe  fix the parser\n"
             "      server  bbbbbbb  2023-11-14 20:43  Jo\\x1b    " +
                 std::string(60, 'x') +
                 "...\n"
                 "    → merge them\n");
}

BOOST_AUTO_TEST_CASE(tells_branches_with_the_same_trouble_together) {
  std::vector<BranchOutcome> branches;
  for (const auto* name : {"ahead", "behind", "forked"}) {
    branches.push_back(refused(name, Reason::mass_deletion, "too many", "allow it"));
  }
  branches.push_back(refused("main", Reason::diverged, "too many", "allow it"));
  branches.push_back(refused("other", Reason::mass_deletion, "too many", "another way"));
  branches.push_back(refused("dirty", Reason::mass_deletion, "too many", "allow it"));
  branches.back().files = {"a.txt"};
  BOOST_TEST(text_report(run({project("nb", branches)}), quiet) ==
             "needs you:\n"
             "  nb: ahead, behind, forked (mass-deletion): too many\n"
             "    → allow it\n"
             "  nb: main (diverged): too many\n"
             "    → allow it\n"
             "  nb: other (mass-deletion): too many\n"
             "    → another way\n"
             "  nb: dirty (mass-deletion): too many\n"
             "      a.txt\n"
             "    → allow it\n");
}

BOOST_AUTO_TEST_CASE(wraps_the_names_of_many_branches) {
  std::vector<BranchOutcome> branches;
  for (char c = 'a'; c < 'i'; ++c) {
    branches.push_back(refused(std::string(12, c), Reason::mass_deletion, "too many", "allow it"));
  }
  BOOST_TEST(text_report(run({project("nb", branches)}), quiet) ==
             "needs you:\n"
             "  nb: aaaaaaaaaaaa, bbbbbbbbbbbb, cccccccccccc, dddddddddddd, eeeeeeeeeeee,\n"
             "    ffffffffffff, gggggggggggg, hhhhhhhhhhhh (mass-deletion):\n"
             "    too many\n"
             "    → allow it\n");
}

BOOST_AUTO_TEST_CASE(tells_dates_as_far_as_calendars_go) {
  using namespace std::chrono;
  BranchOutcome waiting = refused("main", Reason::diverged, "both sides moved", "merge them");
  waiting.commits = {{Side::local, test::oid('a'), "Jane", sys_days(year(1) / 1 / 2), minutes(-60), "old"},
                     {Side::server, test::oid('b'), "Jane", sys_days(year(9999) / 12 / 30), minutes(60), "new"}};
  const std::string text = text_report(run({project("notes", {waiting})}), quiet);
  BOOST_TEST(text.find("  0001-01-01 23:00  Jane  old\n") != std::string::npos, text);
  BOOST_TEST(text.find("  9999-12-30 01:00  Jane  new\n") != std::string::npos, text);
  const std::string json = json_report(run({project("notes", {waiting})}), false);
  BOOST_TEST(json.find("\"0001-01-01T23:00:00-01:00\"") != std::string::npos, json);
  BOOST_TEST(json.find("\"9999-12-30T01:00:00+01:00\"") != std::string::npos, json);
}

BOOST_AUTO_TEST_CASE(counts_the_files_of_folders_and_tells_where_older_ones_are) {
  RunReport report = run({copied_photos()});
  BOOST_TEST(text_report(report, unicode) ==
             "photos  ↓ 1,204 files; older ones are in .sync-backup/2026-11-24T22-57-26.123Z\n"
             "        ↑ 1 file, 3 deleted; older ones are in .sync-backup/2026-11-24T22-57-26.123Z\n"
             "1 project, 1 changed (0.31 s)\n");
  report.projects[0].files.here.replaced = 0;
  report.projects[0].files.there = {};
  BOOST_TEST(text_report(report, ascii) == "photos  pull 1,204 files\n1 project, 1 changed (0.31 s)\n");
  BOOST_TEST(text_report(report, quiet) == "");
}

BOOST_AUTO_TEST_CASE(names_each_file_of_a_folder_when_verbose) {
  BOOST_TEST(text_report(run({copied_photos()}), verbose) ==
             "photos  ↓ 1,204 files; older ones are in .sync-backup/2026-11-24T22-57-26.123Z\n"
             "        ↓   a b\n"
             "        ↓   \\x1b[31mred\\x0a\n"
             "        ↑ 1 file, 3 deleted; older ones are in .sync-backup/2026-11-24T22-57-26.123Z\n"
             "        ↑   old  deleted\n"
             "1 project, 1 changed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(says_would_of_files_in_a_dry_run) {
  RunReport report = run({copied_photos()});
  report.dry_run = true;
  report.projects[0].files.backup.clear();
  BOOST_TEST(text_report(report, unicode) ==
             "photos  ↓ would copy 1,204 files\n"
             "        ↑ would copy 1 file, would delete 3\n"
             "dry run: 1 project, 1 would change (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(names_repositories_that_are_left_out_of_a_folder) {
  ProjectOutcome photos = project("photos");
  photos.files.left_out = {"code/.git", "\x1b/.git"};
  BOOST_TEST(text_report(run({photos}), unicode) ==
             "photos  code/.git is not copied: make it a git project, or see sync-conf(5)\n"
             "        \\x1b/.git is not copied: make it a git project, or see sync-conf(5)\n"
             "1 project in sync (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(names_files_in_conflict_and_those_that_could_not_be_copied) {
  ProjectOutcome photos = trouble("photos", Status::failed, "1 file changed on both sides; 1 problem while copying",
                                  "mend that, and run it again: all else is done");
  photos.files.here.copied = 2;
  photos.files.conflicts = {"a\tb"};
  photos.files.troubles = {"send_files failed to open \"/srv/x\": Permission denied (13)"};
  BOOST_TEST(text_report(run({photos}), unicode) ==
             "photos  ↓ 2 files\n"
             "\n"
             "failed:\n"
             "  photos: 1 file changed on both sides; 1 problem while copying\n"
             "      a\\x09b\n"
             "      send_files failed to open \"/srv/x\": Permission denied (13)\n"
             "    → mend that, and run it again: all else is done\n"
             "\n"
             "1 project, 1 changed, 1 failed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(counts_the_errors_of_conf_files) {
  RunReport report = run({project("notes")});
  report.errors = {{{"work.conf", 12}, "unknown key"}};
  BOOST_TEST(text_report(report, unicode) == "1 project, 1 error in the conf files (0.31 s)\n");
  report.errors.push_back({{}, "there is no project 'x'"});
  BOOST_TEST(text_report(report, unicode) == "1 project, 1 error in the conf files, 1 usage error (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(lets_nothing_hostile_reach_the_terminal) {
  const std::string evil =
      "a\x1b]0;x\x07\x9b"
      "b\xe2\x80\xae\n";
  BranchOutcome bad = refused(evil, Reason::dirty, evil + "forged: line", evil);
  bad.files = {evil};
  ProjectOutcome hostile = project(evil, {branch(evil, Done::create, Side::local, '-', '1'), bad});
  BOOST_TEST(
      text_report(run({hostile}), ascii) ==
      "a\\x1b]0;x\\x07\\x9bb\\u202e\\x0a  pull a\\x1b]0;x\\x07\\x9bb\\u202e\\x0a  new     -> 1111111\n"
      "\n"
      "needs you:\n"
      "  a\\x1b]0;x\\x07\\x9bb\\u202e\\x0a: a\\x1b]0;x\\x07\\x9bb\\u202e\\x0a (dirty): a\\x1b]0;x\\x07\\x9bb\\u202e\n"
      "    forged: line\n"
      "      a\\x1b]0;x\\x07\\x9bb\\u202e\\x0a\n"
      "    -> a\\x1b]0;x\\x07\\x9bb\\u202e\n"
      "\n"
      "1 project, 1 changed, 1 needs you (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(keeps_columns_under_wide_and_combined_characters) {
  const RunReport report = run(
      {project("笔记", {branch("main", Done::create, Side::local, '-', '1')}),
       project("e\xcc\x81t\xc3\xa9", {branch("main", Done::create, Side::local, '-', '1')}),
       project("plain", {branch("ein-ungewöhnlich-langer-name-eines-branches", Done::create, Side::local, '-', '1')})});
  BOOST_TEST(text_report(report, unicode) ==
             "笔记   ↓ main  new     → 1111111\n"
             "e\xcc\x81t\xc3\xa9    ↓ main  new     → 1111111\n"
             "plain  ↓ ein-ungewöhnlich-langer-name-eines-branches  new     → 1111111\n"
             "3 projects, 3 changed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(colours_headings_names_and_arrows_only) {
  const std::string text = text_report(troubled_run(), coloured);
  BOOST_TEST(text.find("\x1b[1mnotes\x1b[0m  \x1b[32m↓\x1b[0m main  1111111 → 2222222\n") == 0U);
  BOOST_TEST(text.find("\x1b[1;33mneeds you:\x1b[0m\n  \x1b[1mnotes\x1b[0m: experiment (diverged): ") !=
             std::string::npos);
  BOOST_TEST(text_report(run({project("x")}), coloured) == "\x1b[32m1 project in sync\x1b[0m (0.31 s)\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(settings_report_)

BOOST_AUTO_TEST_CASE(lists_what_was_set) {
  ProjectOutcome notes = project("notes");
  notes.message = "user.name: Jane Doe\nremote origin: ssh://server/notes.git";
  const RunReport report = run({notes, project("code")});
  BOOST_TEST(settings_report(report, unicode) ==
             "notes  user.name: Jane Doe\n"
             "       remote origin: ssh://server/notes.git\n"
             "2 projects, 1 changed (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(says_that_there_was_nothing_to_set) {
  BOOST_TEST(settings_report(run({project("a"), project("b")}), unicode) ==
             "2 projects set as the conf files say (0.31 s)\n");
  BOOST_TEST(settings_report(run({project("a")}), verbose) ==
             "a  set as the conf files say\n"
             "1 project set as the conf files say (0.31 s)\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(check_report_)

BOOST_AUTO_TEST_CASE(counts_projects_and_problems) {
  RunReport report = run({project("a"), project("b")});
  BOOST_TEST(check_report(report, unicode) == "2 projects, no problems\n");
  BOOST_TEST(check_report(report, quiet) == "");
  report.errors = {{{"work.conf", 12}, "unknown key"}};
  BOOST_TEST(check_report(report, quiet) == "2 projects, 1 problem\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
