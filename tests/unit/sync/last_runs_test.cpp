#include "sync/last_runs.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

namespace syncmanager::sync {

namespace {

struct Fixture {
  test::TemporaryFolder folder;
  Environment environment = here();

  [[nodiscard]] Environment here() const {
    Environment made;
    made.state_home = folder.path();
    return made;
  }

  static ProjectOutcome project(const std::string& name, Status status = Status::ok, const std::string& message = {}) {
    ProjectOutcome outcome;
    outcome.name = name;
    outcome.path = "/home/j/my " + name;
    outcome.remote = "origin";
    outcome.url = "ssh://server/" + name;
    outcome.status = status;
    outcome.message = message;
    return outcome;
  }

  /// Named after why it waits.
  static BranchOutcome waiting(Reason reason) {
    BranchOutcome branch;
    branch.name = std::string(to_string(reason));
    branch.result = Result::attention;
    branch.reason = reason;
    branch.message = "why";
    branch.hint = "do it";
    return branch;
  }

  void run(std::vector<ProjectOutcome> projects, const std::string& tool = "sync-now") const {
    RunReport report;
    report.projects = std::move(projects);
    remember(report, tool, environment);
  }

  [[nodiscard]] LastRun of(const ProjectOutcome& wanted) const {
    return read_last_runs(environment).at(key_of(wanted));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(last_runs, Fixture)

BOOST_AUTO_TEST_CASE(the_last_run_of_each_project_is_remembered) {
  BOOST_TEST(read_last_runs(environment).empty());
  run({project("a"), project("b", Status::offline, "no \\ route\nto  host")});
  run({project("a", Status::failed, "refused"), project("c")}, "sync-push");
  BOOST_TEST(read_last_runs(environment).size() == 3);
  BOOST_TEST((of(project("a")).status == Status::failed));
  BOOST_TEST(of(project("a")).tool == "sync-push");
  BOOST_TEST((of(project("b")).status == Status::offline));
  BOOST_TEST(of(project("b")).message == "no \\ route\nto  host");
  BOOST_TEST(of(project("c")).message == "");
  BOOST_TEST((std::chrono::system_clock::now() - of(project("c")).ended < std::chrono::hours(1)));
}

BOOST_AUTO_TEST_CASE(a_skipped_project_keeps_what_was_remembered) {
  run({project("a", Status::failed, "refused")});
  run({project("a", Status::skipped, "interrupted")});
  BOOST_TEST((of(project("a")).status == Status::failed));
}

BOOST_AUTO_TEST_CASE(what_happened_under_another_url_is_not_told) {
  run({project("a")});
  ProjectOutcome moved = project("a");
  moved.url = "ssh://other/a";
  BOOST_TEST(!read_last_runs(environment).contains(key_of(moved)));
}

BOOST_AUTO_TEST_CASE(what_only_a_run_finds_out_is_remembered_of_what_it_left) {
  struct Row {
    std::vector<Reason> branches;
    std::vector<Reason> tags;
    std::string branch;
    std::string message;
  };
  const std::vector<Row> rows = {
      {{Reason::diverged}, {}, "", ""},
      {{Reason::diverged, Reason::dirty}, {}, "dirty", "dirty: why"},
      {{Reason::busy, Reason::conflict, Reason::dirty}, {}, "conflict", "conflict: why"},
      {{Reason::stale, Reason::name_clash}, {}, "name-clash", "name-clash: why"},
      {{Reason::bad_name}, {}, "bad-name", "bad-name: why"},
      {{Reason::diverged}, {Reason::tag_moved}, "", "tag-moved: why"},
      {{Reason::dirty}, {Reason::tag_moved}, "", "tag-moved: why"},
  };
  for (const Row& row : rows) {
    ProjectOutcome outcome = project("a", Status::attention, "a note");
    for (const Reason reason : row.branches) outcome.branches.push_back(waiting(reason));
    for (const Reason reason : row.tags) outcome.tags.push_back(waiting(reason));
    run({outcome});
    BOOST_TEST((of(outcome).status == Status::attention));
    BOOST_TEST(of(outcome).branch == row.branch);
    BOOST_TEST(of(outcome).message == row.message);
    BOOST_TEST(of(outcome).hint == (row.message.empty() ? "" : "do it"));
  }
}

BOOST_AUTO_TEST_CASE(the_branch_that_failed_is_named) {
  ProjectOutcome outcome = project("a", Status::failed);
  outcome.branches = {waiting(Reason::diverged), waiting(Reason::rejected)};
  outcome.branches.back().result = Result::failed;
  run({outcome});
  BOOST_TEST(of(outcome).branch == "rejected");
  BOOST_TEST(of(outcome).message == "rejected: why");
  BOOST_TEST(of(outcome).hint == "do it");
}

BOOST_AUTO_TEST_CASE(the_last_line_of_the_server_is_remembered_with_a_failure) {
  for (const std::string words : {"no pushes on Fridays\n", "checking\r\nno pushes on Fridays\n\n"}) {
    ProjectOutcome outcome = project("a", Status::failed);
    outcome.branches = {waiting(Reason::rejected)};
    outcome.branches.back().result = Result::failed;
    outcome.server_words = words;
    run({outcome});
    BOOST_TEST(of(outcome).message == "rejected: why; server: no pushes on Fridays");
    outcome.server_words = "of all";
    outcome.branches.back().server_words = words;
    run({outcome});
    BOOST_TEST(of(outcome).message == "rejected: why; server: no pushes on Fridays");
    outcome.status = Status::ok;
    run({outcome});
    BOOST_TEST(of(outcome).message == "");
  }
}

BOOST_AUTO_TEST_CASE(runs_at_the_same_time_lose_nothing_of_each_other) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([this, i] { run({project(std::to_string(i))}); });
  }
  BOOST_TEST(read_last_runs(environment).size() == 8);
}

BOOST_AUTO_TEST_CASE(damaged_lines_are_passed_over) {
  run({project("a"), project("b")});
  const std::string good = format_last_runs(read_last_runs(environment));
  BOOST_TEST(parse_last_runs(good).size() == 2);
  BOOST_TEST(parse_last_runs(good.substr(0, good.size() - 4)).size() == 1);
  BOOST_TEST(parse_last_runs(good + "nonsense\n\n1 2 3 4 5 6 7 8 9\n").size() == 2);
  BOOST_TEST(parse_last_runs("something else\n" + good).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
