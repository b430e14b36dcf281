#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "ui/report.hpp"
#include "unit/ui/sample.hpp"

namespace syncmanager::ui {

namespace {

using test::branch;
using test::oid;
using test::project;
using test::refused;

const TextStyle unicode{.colour = false, .unicode = true, .verbose = false, .quiet = false};
const TextStyle ascii{};
const TextStyle verbose{.colour = false, .unicode = true, .verbose = true, .quiet = false};
const TextStyle quiet{.colour = false, .unicode = true, .verbose = false, .quiet = true};

const Time started{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{21}};

/// One project, as it stands.
struct Told {
  ProjectOutcome outcome;
  ProjectStatus status;
};

LastRun synced(Status status = Status::ok, std::string message = {}) {
  return {.ended = started - std::chrono::minutes(3),
          .tool = "sync-now",
          .status = status,
          .branch = {},
          .message = std::move(message),
          .hint = {}};
}

BranchStatus standing(std::string name, Standing standing, std::optional<std::size_t> ahead = {},
                      std::optional<std::size_t> behind = {}) {
  BranchStatus status;
  status.name = std::move(name);
  status.standing = standing;
  status.ahead = ahead;
  status.behind = behind;
  return status;
}

WorktreeStatus tree(std::string folder, std::string branch, std::optional<TreeChanges> changes) {
  WorktreeStatus tree;
  tree.folder = std::move(folder);
  tree.branch = std::move(branch);
  tree.changes = changes;
  return tree;
}

Told told(std::string name, ProjectState state, std::vector<BranchOutcome> outcomes = {},
          std::vector<BranchStatus> branches = {}) {
  Told one{.outcome = project(std::move(name), std::move(outcomes)), .status = {}};
  one.status.state = state;
  one.status.last_run = synced();
  one.status.branches = std::move(branches);
  return one;
}

Told in_sync(std::string name = "notes") {
  return told(std::move(name), ProjectState::in_sync, {branch("main", Done::none, Side::local, '1', '1')},
              {standing("main", Standing::same)});
}

StatusReport report(std::vector<Told> all) {
  StatusReport report;
  report.run = test::run({});
  for (Told& one : all) {
    report.run.projects.push_back(std::move(one.outcome));
    report.projects.push_back(std::move(one.status));
  }
  return report;
}

std::string text(Told one, const TextStyle& style = unicode) {
  return status_report(report({std::move(one)}), style);
}

const std::string last_line = "1 project in sync; last sync 3 minutes ago (0.31 s)\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(status_report_)

BOOST_AUTO_TEST_CASE(says_one_line_where_all_is_in_sync) {
  BOOST_TEST(text(in_sync()) == last_line);
  BOOST_TEST(status_report(report({}), unicode) == "no projects (0.31 s)\n");
  BOOST_TEST(text(in_sync(), quiet) == "");
  BOOST_TEST(text(in_sync(), verbose) == "notes  in sync, last sync 3 minutes ago\n       = main\n" + last_line);
}

BOOST_AUTO_TEST_CASE(says_of_each_branch_what_a_run_would_do_and_how_it_stands) {
  const Told one =
      told("notes", ProjectState::pending,
           {branch("ahead", Done::fast_forward, Side::server, '1', '2'),
            branch("behind", Done::fast_forward, Side::local, '1', '2'),
            branch("kept", Done::none, Side::local, '1', '1'), branch("waits", Done::none, Side::local, '1', '1')},
           {standing("ahead", Standing::ahead, 2, 0), standing("behind", Standing::behind, 0, 1204),
            standing("kept", Standing::gone_there), standing("waits", Standing::new_here)});
  const std::string head = "notes  1 branch to pull, 1 branch to push, last sync 3 minutes ago\n";
  const std::string tail = "1 project: 1 to sync; last sync 3 minutes ago (0.31 s)\n";
  BOOST_TEST(text(one) == head +
                              "       ↑ ahead   2 ahead\n"
                              "       ↓ behind  1,204 behind\n"
                              "       - waits   new here\n" +
                              tail);
  BOOST_TEST(text(one, ascii) == head +
                                     "       push ahead   2 ahead\n"
                                     "       pull behind  1,204 behind\n"
                                     "       -    waits   new here\n" +
                                     tail);
  BOOST_TEST(text(one, verbose).find("       - kept    deleted on the server\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(has_words_for_every_standing) {
  const std::vector<std::pair<Standing, std::string>> all = {
      {Standing::same, ": 1 ahead, 2 behind"},           {Standing::ahead, ": 1 ahead, 2 behind"},
      {Standing::behind, ": 1 ahead, 2 behind"},         {Standing::new_here, "new here: "},
      {Standing::new_there, "new on the server: "},      {Standing::gone_here, "deleted here: "},
      {Standing::gone_there, "deleted on the server: "}, {Standing::diverged, "diverged: "},
      {Standing::rewritten_here, "rewritten here: "},    {Standing::rewritten_there, "rewritten on the server: "},
      {Standing::rewound_here, "rewound here: "},        {Standing::rewound_there, "rewound on the server: "},
  };
  for (const auto& [which, words] : all) {
    const bool bare = words.starts_with(':');
    const std::string row = "       ↓ main  " + (bare ? words.substr(2) : words + "1 ahead, 2 behind") + "\n";
    const std::string found =
        text(told("notes", ProjectState::pending, {branch("main", Done::merge, Side::local, '1', '2')},
                  {standing("main", which, 1, 2)}));
    BOOST_TEST(found.find(row) != std::string::npos, to_string(which) << ": " << found);
  }
}

BOOST_AUTO_TEST_CASE(repeats_what_waits_with_the_command_that_solves_it) {
  const Told one = told("notes", ProjectState::attention,
                        {refused("main", Reason::diverged, "both sides moved", "git -C ~/notes merge origin/main")},
                        {standing("main", Standing::diverged, 1, 2)});
  const std::string problem =
      "needs you:\n"
      "  notes: main (diverged): both sides moved\n"
      "    → git -C ~/notes merge origin/main\n";
  BOOST_TEST(text(one) ==
             "notes  1 needs you, last sync 3 minutes ago\n"
             "       ! main  diverged: 1 ahead, 2 behind\n\n" +
                 problem + "\n1 project: 1 needs you; last sync 3 minutes ago (0.31 s)\n");
  BOOST_TEST(text(one, quiet) == problem);
}

BOOST_AUTO_TEST_CASE(counts_what_is_unfinished_in_each_working_tree) {
  Told one = in_sync();
  const TreeChanges changes{.staged = 1, .changed = 2, .untracked = 3, .conflicts = 4};
  one.status.worktrees = {
      tree("/home/jane/notes/", "main", changes), tree("/home/jane/clean", "topic", TreeChanges{}),
      tree("/home/jane/two", "", TreeChanges{}),  tree("/home/jane/away", "new", {}),
      tree("/home/jane/broken", "broken", {}),    tree("/home/jane/odd", "odd", {}),
  };
  one.status.worktrees[0].own = true;
  one.status.worktrees[0].busy = "merge";
  one.status.worktrees[3].unborn = true;
  one.status.worktrees[4].message = "not a git repository";
  one.status.worktrees[4].hint = "git -C /home/jane/notes worktree repair";
  one.status.worktrees[5].message = "no\x1b";
  one.status.stashes = 1;
  one.status.parked = {{.branch = "main", .tip = oid('1')}, {.branch = "topic", .tip = oid('2')}};
  BOOST_TEST(text(one) ==
             "notes  in sync, last sync 3 minutes ago\n"
             "       merge under way, 4 in conflict, 2 changed, 1 staged, 3 untracked\n"
             "       in /home/jane/two: HEAD is detached\n"
             "       in /home/jane/away: no commit on new yet\n"
             "       in /home/jane/broken: git can't read it: git -C /home/jane/notes worktree repair\n"
             "       in /home/jane/odd: git can't read it: no\\x1b\n"
             "       1 stash, 2 parked on the server\n" +
                 last_line);
}

BOOST_AUTO_TEST_CASE(says_where_a_branch_is_checked_out_but_not_of_the_projects_own_folder) {
  Told one = in_sync();
  BranchStatus& main = one.status.branches.front();
  BOOST_TEST(text(one, verbose).find("       = main\n") != std::string::npos, text(one, verbose));
  main.worktree = "/home/jane/a\nb";
  main.busy = "rebase";
  const std::string busy = "       = main  rebase under way";
  BOOST_TEST(text(one, verbose).find(busy + ", checked out in /home/jane/a\\x0ab\n") != std::string::npos);
  main.in_own_tree = true;
  BOOST_TEST(text(one, verbose).find(busy + "\n") != std::string::npos, text(one, verbose));
}

BOOST_AUTO_TEST_CASE(tells_a_folder_of_two_remotes_once) {
  Told one = in_sync();
  one.status.worktrees = {tree("/home/jane/notes", "main", TreeChanges{.changed = 1})};
  one.status.worktrees.front().own = true;
  one.status.stashes = 2;
  Told other = one;
  other.outcome.name = "backup";
  BOOST_TEST(status_report(report({one, other}), unicode) ==
             "notes  in sync, last sync 3 minutes ago\n"
             "       1 changed\n"
             "       2 stashes\n"
             "2 projects in sync; last sync 3 minutes ago (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(tells_what_the_last_sync_came_to) {
  const std::vector<std::pair<std::optional<LastRun>, std::string>> all = {
      {std::nullopt, "in sync, never synced from here"},
      {synced(Status::ok), "in sync, last sync 3 minutes ago"},
      {synced(Status::attention), "in sync, last sync 3 minutes ago left something for you"},
      {synced(Status::failed), "in sync, last sync failed 3 minutes ago"},
      {synced(Status::auth), "in sync, last sync failed 3 minutes ago, no access"},
      {synced(Status::offline, "no route"),
       "in sync, last sync failed 3 minutes ago, offline\n       last sync: no route"},
      {synced(Status::locked, "held"), "in sync, last sync failed 3 minutes ago, locked\n       last sync: held"},
  };
  for (const auto& [run, words] : all) {
    Told one = told("notes", ProjectState::pending);
    one.status.last_run = run;
    BOOST_TEST(text(one).starts_with("notes  " + words + "\n1 project"), text(one));
  }
}

BOOST_AUTO_TEST_CASE(tells_what_hooks_have_queued) {
  const Time then = started - std::chrono::minutes(7);
  const struct {
    const char* what;
    QueuedStatus queued;
    std::string line;
  } rows[] = {
      {"the worker is about to try", {"commit", started, 0, {}, {}}, "commit queued just now"},
      {"offline",
       {"commit", then, 3, started + std::chrono::seconds(150), "no route to server"},
       "commit queued 7 minutes ago, tried 3 times, next in 2 minutes: no route to server"},
      {"soon",
       {"merge", then, 1, started + std::chrono::seconds(9), "x"},
       "merge queued 7 minutes ago, tried once, next within a minute: x"},
      {"overdue", {"merge", then, 1, then, "x"}, "merge queued 7 minutes ago, tried once, next at once: x"},
      {"only a person helps",
       {"checkout", then, 2, {}, "evil\x1b[2J"},
       "checkout queued 7 minutes ago, tried 2 times, waits for you: evil\\x1b[2J"},
      {"the last sync told why",
       {"commit", then, 1, {}, "said before"},
       "commit queued 7 minutes ago, tried once, waits for you"},
  };
  for (const auto& row : rows) {
    Told one = in_sync();
    one.status.last_run->message = "said before";
    one.status.queued = {row.queued};
    BOOST_TEST(text(one) == "notes  in sync, last sync 3 minutes ago\n       " + row.line + "\n" + last_line, row.what);
  }
}

BOOST_AUTO_TEST_CASE(says_of_no_folder_that_it_is_in_sync) {
  for (const ProjectState state : {ProjectState::synced, ProjectState::attention}) {
    Told folder = told("photos", state);
    folder.outcome.client = Client::rsync;
    BOOST_TEST(text(folder, verbose).starts_with("photos  last sync 3 minutes ago"), text(folder, verbose));
  }
}

BOOST_AUTO_TEST_CASE(sums_up_projects_of_every_state) {
  std::vector<Told> all = {in_sync("a"), in_sync("b")};
  for (const auto& [name, state] :
       std::vector<std::pair<std::string, ProjectState>>{{"fresh", ProjectState::never_synced},
                                                         {"absent", ProjectState::not_cloned},
                                                         {"docs", ProjectState::synced},
                                                         {"broken", ProjectState::unreadable}}) {
    all.push_back(told(name, state));
    all.back().status.last_run.reset();
  }
  all[3].outcome.message = "not cloned yet";
  all[3].outcome.hint = "sync-pull absent";
  all[1].status.last_run->ended = started - std::chrono::hours(50);
  BOOST_TEST(status_report(report(std::move(all)), unicode) ==
             "fresh   never synced: sync-now fresh\n"
             "absent  not cloned yet: sync-pull absent\n"
             "broken  can't be read\n"
             "6 projects: 2 in sync, 1 folder synced before, 1 never synced, 1 not cloned, 1 can't be read; "
             "last sync 3 minutes ago, the oldest 2 days ago (0.31 s)\n");
}

BOOST_AUTO_TEST_CASE(says_what_to_do_where_nothing_was_synced_yet) {
  Told fresh = told("my notes", ProjectState::never_synced, {branch("main", Done::create, Side::server, '-', '1')},
                    {standing("main", Standing::new_here)});
  fresh.status.last_run = synced(Status::offline, "no route");
  BOOST_TEST(text(fresh).starts_with("my notes  never synced: sync-now 'my notes', last sync failed 3 minutes ago, "
                                     "offline\n          ↑ main  new here\n"),
             text(fresh));
  Told absent = told("notes", ProjectState::not_cloned);
  absent.outcome.status = Status::failed;
  absent.outcome.message = "/home/jane/notes is no git repository, and something else stands there";
  BOOST_TEST(text(absent).starts_with("notes  can't be cloned: something else is there\n\nfailed:\n"), text(absent));
  BOOST_TEST(rescued_report(report({absent}), unicode).starts_with("failed:\n  notes: /home/jane/notes is no git"));
  absent.outcome.status = Status::attention;
  absent.status.last_run = synced(Status::failed);
  BOOST_TEST(text(absent).starts_with("notes  not cloned, last sync failed 3 minutes ago\n"), text(absent));
}

BOOST_AUTO_TEST_CASE(lists_rescued_commits_with_their_commands) {
  BOOST_TEST(rescued_report(report({in_sync()}), unicode) ==
             "nothing is rescued: no branch has lost a commit in the last 90 days\n");
  BOOST_TEST(rescued_report(report({in_sync()}), quiet) == "");
  Told one = in_sync();
  one.status.rescued = {{.since = started,
                         .name = "topic",
                         .tip = oid('5'),
                         .subject = "a\x1b[31m",
                         .command = "git -C /home/jane/notes branch topic 555"}};
  BOOST_TEST(rescued_report(report({in_sync("other"), one}), unicode) ==
             "notes\n"
             "  2026-11-22 21:00 UTC  5555555  topic  a\\x1b[31m\n"
             "    → git -C /home/jane/notes branch topic 555\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
