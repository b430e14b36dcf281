#include "model/outcome.hpp"

#include <ostream>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;

namespace syncmanager {

std::ostream& operator<<(std::ostream& stream, Status status) {
  return stream << to_string(status);
}

}  // namespace syncmanager

namespace {

BranchOutcome branch(Done action, Result result) {
  BranchOutcome outcome;
  outcome.action = action;
  outcome.result = result;
  return outcome;
}

RunReport report_of(const std::vector<Status>& statuses) {
  RunReport report;
  for (const Status status : statuses) {
    ProjectOutcome project;
    project.status = status;
    report.projects.push_back(project);
  }
  return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outcome)

BOOST_AUTO_TEST_CASE(counts_a_project_as_changed_only_where_something_moved) {
  struct Row {
    Done action;
    Result result;
    bool changed;
  };
  const Row rows[] = {
      {Done::none, Result::ok, false},
      {Done::create, Result::ok, true},
      {Done::fast_forward, Result::ok, true},
      {Done::remove, Result::ok, true},
      {Done::fast_forward, Result::failed, false},
      {Done::refuse, Result::attention, false},
      {Done::park, Result::attention, false},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(to_string(row.action) << ", " << to_string(row.result)) {
      ProjectOutcome project;
      project.branches = {branch(Done::none, Result::ok), branch(row.action, row.result)};
      BOOST_TEST(changed(project) == row.changed);
      std::swap(project.branches, project.tags);
      BOOST_TEST(changed(project) == row.changed);
    }
  }
}

BOOST_AUTO_TEST_CASE(counts_what_was_done_besides_branches_as_a_change) {
  ProjectOutcome project;
  project.message = "made the repository on the server";
  BOOST_TEST(changed(project));
  project.status = Status::skipped;
  project.message = "its direction is push";
  BOOST_TEST(!changed(project));
}

BOOST_AUTO_TEST_CASE(gives_a_project_the_worst_status_of_its_branches_and_tags) {
  const BranchOutcome fine = branch(Done::create, Result::ok);
  const BranchOutcome waiting = branch(Done::refuse, Result::attention);
  const BranchOutcome broken = branch(Done::fast_forward, Result::failed);
  struct Row {
    std::vector<BranchOutcome> branches;
    std::vector<BranchOutcome> tags;
    Status status;
  };
  const Row rows[] = {
      {{}, {}, Status::ok},
      {{fine}, {fine}, Status::ok},
      {{fine, waiting}, {}, Status::attention},
      {{fine}, {waiting}, Status::attention},
      {{waiting, broken, fine}, {}, Status::failed},
      {{waiting}, {broken}, Status::failed},
  };
  for (const Row& row : rows) {
    ProjectOutcome project;
    project.branches = row.branches;
    project.tags = row.tags;
    BOOST_TEST(status_of(project) == row.status);
  }
}

BOOST_AUTO_TEST_CASE(counts_files_that_came_or_went_as_a_change_and_their_conflicts_as_waiting) {
  struct Row {
    FilesMoved here;
    FilesMoved there;
    std::vector<std::string> conflicts;
    std::vector<std::string> troubles;
    bool changed;
    Status status;
  };
  const Row rows[] = {
      {{}, {}, {}, {}, false, Status::ok},
      {{.copied = 1}, {}, {}, {}, true, Status::ok},
      {{}, {.deleted = 1}, {}, {}, true, Status::ok},
      {{}, {}, {"a"}, {}, false, Status::attention},
      {{.copied = 2, .replaced = 1}, {}, {"a"}, {}, true, Status::attention},
      {{}, {}, {"a"}, {"b: permission denied"}, false, Status::failed},
  };
  for (const Row& row : rows) {
    ProjectOutcome project;
    project.files.here = row.here;
    project.files.there = row.there;
    project.files.conflicts = row.conflicts;
    project.files.troubles = row.troubles;
    BOOST_TEST(changed(project) == row.changed);
    BOOST_TEST(status_of(project) == row.status);
  }
  ProjectOutcome project;
  project.files.left_out = {"notes/.git"};
  BOOST_TEST(!changed(project));
  BOOST_TEST(status_of(project) == Status::ok);
}

BOOST_AUTO_TEST_CASE(tells_first_what_concerns_the_project_then_what_failed_then_what_waits) {
  const auto named = [](const std::string& name, Result result) {
    BranchOutcome outcome = branch(Done::refuse, result);
    outcome.name = name;
    outcome.message = "words";
    outcome.hint = "advice";
    return outcome;
  };
  ProjectOutcome project;
  BOOST_TEST(complaint_of(project).message == "");
  project.branches = {named("fine", Result::ok), named("main", Result::attention)};
  BOOST_TEST(complaint_of(project).message == "main: words");
  BOOST_TEST(complaint_of(project).branch == "main");
  BOOST_TEST(complaint_of(project).hint == "advice");
  project.tags = {named("v1", Result::failed)};
  BOOST_TEST(complaint_of(project).message == "v1: words");
  BOOST_TEST(complaint_of(project).branch == "");
  project.message = "no room";
  BOOST_TEST(complaint_of(project).message == "no room");
  BOOST_TEST(complaint_of(project).hint == "");
}

BOOST_AUTO_TEST_CASE(an_error_hides_neither_what_was_told_before_nor_a_severer_branch) {
  ProjectOutcome project;
  project.message = "a move was taken back";
  project.branches = {branch(Done::refuse, Result::attention)};
  fail(project, Error(ErrorKind::offline, "the line broke", "try again"));
  BOOST_TEST((project.status == Status::offline));
  BOOST_TEST(project.message == "a move was taken back; the line broke");
  RunReport report;
  report.projects = {project};
  BOOST_TEST(exit_code(report) == 3);
  report.projects.front().tags = {branch(Done::create, Result::failed)};
  BOOST_TEST(exit_code(report) == 1);
}

BOOST_AUTO_TEST_CASE(gives_the_servers_words_to_the_one_branch_or_tag_that_it_rejected) {
  BranchOutcome rejected = branch(Done::fast_forward, Result::failed);
  rejected.reason = Reason::rejected;
  const BranchOutcome fine = branch(Done::create, Result::ok);
  const BranchOutcome broken = branch(Done::fast_forward, Result::failed);
  struct Row {
    std::vector<BranchOutcome> branches;
    std::vector<BranchOutcome> tags;
    bool its_own;
  };
  const Row rows[] = {
      {{fine, rejected}, {fine}, true}, {{fine, broken}, {rejected}, true}, {{rejected, rejected}, {}, false},
      {{rejected}, {rejected}, false},  {{fine, broken}, {fine}, false},
  };
  for (const Row& row : rows) {
    ProjectOutcome project;
    project.branches = row.branches;
    project.tags = row.tags;
    project.server_words = "frozen";
    assign_server_words(project);
    BOOST_TEST(project.server_words == (row.its_own ? "" : "frozen"));
    for (const auto* const list : {&project.branches, &project.tags}) {
      for (const BranchOutcome& one : *list) {
        BOOST_TEST(one.server_words == (row.its_own && one.reason ? "frozen" : ""));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(turns_an_error_into_the_status_of_its_kind) {
  struct Row {
    ErrorKind kind;
    Status status;
  };
  const Row rows[] = {
      {ErrorKind::failed, Status::failed}, {ErrorKind::usage, Status::failed},
      {ErrorKind::auth, Status::auth},     {ErrorKind::offline, Status::offline},
      {ErrorKind::locked, Status::locked}, {ErrorKind::interrupted, Status::skipped},
  };
  for (const Row& row : rows) {
    ProjectOutcome project;
    fail(project, Error(row.kind, "what happened", "what to do"));
    BOOST_TEST(project.status == row.status);
    BOOST_TEST(project.message == "what happened");
    BOOST_TEST(project.hint == "what to do");
  }
}

BOOST_AUTO_TEST_CASE(exits_with_the_most_severe_kind) {
  struct Row {
    std::vector<Status> statuses;
    int code;
  };
  const Row rows[] = {
      {{}, 0},
      {{Status::ok, Status::skipped}, 0},
      {{Status::ok, Status::offline}, 4},
      {{Status::offline, Status::locked}, 6},
      {{Status::locked, Status::attention, Status::offline}, 3},
      {{Status::attention, Status::failed, Status::locked}, 1},
      {{Status::failed, Status::auth, Status::attention}, 5},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT("exit code " << row.code) {
      RunReport report = report_of(row.statuses);
      BOOST_TEST(exit_code(report) == row.code);
      report.errors.push_back({{"work.conf", 12}, "unknown key"});
      BOOST_TEST(exit_code(report) == 2);
      report.interrupted = true;
      BOOST_TEST(exit_code(report) == 130);
    }
  }
}

BOOST_AUTO_TEST_CASE(sums_up_a_run) {
  RunReport report = report_of({Status::ok, Status::ok, Status::skipped, Status::attention, Status::failed,
                                Status::auth, Status::offline, Status::locked});
  report.projects[0].branches = {branch(Done::create, Result::ok)};
  report.projects[3].branches = {branch(Done::create, Result::ok), branch(Done::refuse, Result::attention)};
  const Summary summary = summarize(report);
  BOOST_TEST(summary.projects == 8);
  BOOST_TEST(summary.changed == 2);
  BOOST_TEST(summary.attention == 1);
  BOOST_TEST(summary.failed == 4);
}

BOOST_AUTO_TEST_CASE(speaks_the_words_of_the_report) {
  BOOST_TEST(to_string(Done::none) == "none");
  BOOST_TEST(to_string(Done::create) == "create");
  BOOST_TEST(to_string(Done::fast_forward) == "fast-forward");
  BOOST_TEST(to_string(Done::remove) == "delete");
  BOOST_TEST(to_string(Done::merge) == "merge");
  BOOST_TEST(to_string(Done::rebase) == "rebase");
  BOOST_TEST(to_string(Done::replace) == "replace");
  BOOST_TEST(to_string(Done::park) == "park");
  BOOST_TEST(to_string(Done::refuse) == "refuse");
  BOOST_TEST(to_string(Result::ok) == "ok");
  BOOST_TEST(to_string(Result::attention) == "attention");
  BOOST_TEST(to_string(Result::failed) == "failed");
  BOOST_TEST(to_string(Status::ok) == "ok");
  BOOST_TEST(to_string(Status::attention) == "attention");
  BOOST_TEST(to_string(Status::failed) == "failed");
  BOOST_TEST(to_string(Status::auth) == "auth");
  BOOST_TEST(to_string(Status::offline) == "offline");
  BOOST_TEST(to_string(Status::locked) == "locked");
  BOOST_TEST(to_string(Status::skipped) == "skipped");
  BOOST_TEST(to_string(Side::local) == "local");
  BOOST_TEST(to_string(Side::server) == "server");
}

BOOST_AUTO_TEST_SUITE_END()
