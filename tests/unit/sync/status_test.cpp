#include "sync/status.hpp"

#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace syncmanager::sync {

namespace {

BranchOutcome to_pull(const std::string& name) {
  BranchOutcome branch;
  branch.name = name;
  branch.action = Done::fast_forward;
  branch.side = Side::local;
  return branch;
}

BranchOutcome to_push(const std::string& name) {
  BranchOutcome branch = to_pull(name);
  branch.side = Side::server;
  return branch;
}

BranchOutcome created(const std::string& name) {
  BranchOutcome branch = to_push(name);
  branch.action = Done::create;
  return branch;
}

BranchOutcome waiting(const std::string& name) {
  BranchOutcome branch;
  branch.name = name;
  branch.action = Done::refuse;
  branch.result = Result::attention;
  branch.message = "both sides moved";
  return branch;
}

BranchOutcome unreadable(const std::string& name) {
  BranchOutcome branch = waiting(name);
  branch.result = Result::failed;
  return branch;
}

LastRun came_to(Status status, const std::string& branch = "main") {
  LastRun run;
  run.status = status;
  run.branch = branch;
  run.message = "words";
  return run;
}

struct Row {
  const char* name;
  std::vector<BranchOutcome> branches;
  std::optional<LastRun> last;
  Status status;
  ProjectState state;
  const char* message;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(conclude_status)

BOOST_AUTO_TEST_CASE(what_is_foreseen_and_what_was_left_make_one_state) {
  const BranchOutcome fine = unchanged("main", std::nullopt);
  const std::vector<Row> rows = {
      {"at rest", {fine}, came_to(Status::ok), Status::ok, ProjectState::in_sync, ""},
      {"never run", {fine}, {}, Status::ok, ProjectState::in_sync, ""},
      {"to pull", {to_pull("main")}, came_to(Status::ok), Status::ok, ProjectState::pending, ""},
      {"waits", {waiting("main")}, came_to(Status::attention), Status::attention, ProjectState::attention, ""},
      {"broken", {unreadable("main")}, came_to(Status::failed), Status::failed, ProjectState::unreadable, ""},
      {"a tag was left",
       {fine},
       came_to(Status::attention, ""),
       Status::attention,
       ProjectState::attention,
       "left by the last sync: words"},
      {"files were in the way",
       {to_pull("main")},
       came_to(Status::attention),
       Status::attention,
       ProjectState::attention,
       "left by the last sync: words"},
      {"a tag was left, and a branch waits",
       {waiting("topic"), to_push("main")},
       came_to(Status::attention, ""),
       Status::attention,
       ProjectState::attention,
       "left by the last sync: words"},
      {"files were in the way, and another branch waits",
       {to_pull("main"), waiting("topic")},
       came_to(Status::attention),
       Status::attention,
       ProjectState::attention,
       "left by the last sync: words"},
      {"a name was in the way",
       {created("main")},
       came_to(Status::attention),
       Status::attention,
       ProjectState::attention,
       "left by the last sync: words"},
      {"waits for something else by now",
       {waiting("main")},
       came_to(Status::attention),
       Status::attention,
       ProjectState::attention,
       ""},
      {"moved away since", {fine}, came_to(Status::attention), Status::ok, ProjectState::in_sync, ""},
      {"merged since", {to_push("main")}, came_to(Status::attention), Status::ok, ProjectState::pending, ""},
      {"another branch", {to_pull("topic")}, came_to(Status::attention), Status::ok, ProjectState::pending, ""},
      {"failed",
       {to_push("main")},
       came_to(Status::failed),
       Status::attention,
       ProjectState::attention,
       "the last sync failed: words"},
      {"no access",
       {fine},
       came_to(Status::auth),
       Status::attention,
       ProjectState::attention,
       "the last sync failed: words"},
      {"offline", {fine}, came_to(Status::offline), Status::ok, ProjectState::in_sync, ""},
      {"locked", {to_push("main")}, came_to(Status::locked), Status::ok, ProjectState::pending, ""},
  };
  for (const Row& row : rows) {
    ProjectOutcome outcome;
    outcome.name = "my notes";
    outcome.branches = row.branches;
    ProjectStatus status;
    status.last_run = row.last;
    conclude(outcome, status);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST((outcome.status == row.status));
      BOOST_TEST((status.state == row.state));
      BOOST_TEST(outcome.message == row.message);
      BOOST_TEST(outcome.hint == (outcome.message.empty() ? "" : "sync-now 'my notes'"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_project_that_could_not_be_cloned_waits_for_a_person_and_is_still_not_here) {
  ProjectOutcome outcome;
  ProjectStatus status;
  status.state = ProjectState::not_cloned;
  status.last_run = came_to(Status::failed);
  conclude(outcome, status);
  BOOST_TEST((outcome.status == Status::attention));
  BOOST_TEST((status.state == ProjectState::not_cloned));
}

BOOST_AUTO_TEST_CASE(trouble_of_a_fetch_names_the_branch_that_had_it) {
  StatusReport report;
  report.run.projects.resize(3);
  report.projects.resize(3);
  RunReport fetched;
  fetched.projects.resize(3);
  fetched.projects[0].status = Status::failed;
  fetched.projects[0].branches = {unreadable("main")};
  fetched.projects[1].status = Status::offline;
  fetched.projects[1].message = "no route to host";
  fetched.projects[1].hint = "try again";
  add_troubles(report, fetched);
  BOOST_TEST(report.run.projects[0].message == "fetch: main: both sides moved");
  BOOST_TEST((report.run.projects[0].status == Status::failed));
  BOOST_TEST(report.run.projects[1].message == "fetch: no route to host");
  BOOST_TEST(report.run.projects[1].hint == "try again");
  BOOST_TEST((report.run.projects[2].status == Status::ok));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
