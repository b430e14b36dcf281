#include "sync/queue_plan.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace syncmanager::sync {

namespace {

using namespace std::chrono_literals;
using queue::Entry;
using queue::Event;

const Time noon{std::chrono::milliseconds(1'764'025'046'007)};

Entry entry(const std::string& name, const std::string& folder, Event event = Event::commit, Time since = noon) {
  return {.name = name, .token = queue::Token{.event = event, .since = since, .git_folder = folder}};
}

Entry unreadable(const std::string& name) {
  return {.name = name, .token = std::nullopt};
}

Work work(std::vector<Entry> entries, const std::string& folder = "/a") {
  return {.git_folder = folder, .entries = std::move(entries)};
}

Project project(const std::string& name) {
  Project project;
  project.name = name;
  return project;
}

ProjectOutcome outcome(Status status, std::vector<std::optional<Reason>> reasons = {}) {
  ProjectOutcome outcome;
  outcome.name = "notes";
  outcome.status = status;
  if (status == Status::failed) outcome.message = "why";
  for (const auto& reason : reasons) {
    BranchOutcome branch;
    branch.result = reason ? Result::attention : Result::ok;
    branch.reason = reason;
    outcome.branches.push_back(branch);
  }
  return outcome;
}

/// What a run in the background makes of a tree with changes.
ProjectOutcome left_in_use() {
  ProjectOutcome left = outcome(Status::ok, {std::nullopt});
  left.branches.front().reason = Reason::dirty;
  return left;
}

RunReport report(std::vector<ProjectOutcome> projects) {
  RunReport report;
  report.projects = std::move(projects);
  return report;
}

std::vector<std::string> folders(const std::vector<Work>& works) {
  std::vector<std::string> all;
  for (const Work& one : works) all.push_back(one.git_folder);
  return all;
}

void expect(const std::vector<std::string>& got, const std::vector<std::string>& expected) {
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(queue_plan)

BOOST_AUTO_TEST_CASE(what_waits_for_one_repository_is_one_work) {
  const auto works =
      gather({entry("3", "/b"), entry("1", "/a", Event::commit, noon + 1s), entry("2", "/a"), unreadable("4")});
  expect(folders(works), {"", "/a", "/b"});
  BOOST_REQUIRE(works[1].entries.size() == 2U);
  BOOST_TEST(works[1].entries[0].name == "2");  // it is older
}

BOOST_AUTO_TEST_CASE(what_is_new_or_has_waited_long_enough_is_due) {
  const Try waits{.failures = 1, .last = noon, .next = noon + 10s, .reason = "offline", .entries = {"1"}, .told = {}};
  const Try for_a_person{.failures = 1, .last = noon, .next = {}, .reason = "diverged", .entries = {"1"}, .told = {}};
  const struct {
    const char* what;
    std::vector<Entry> entries;
    Tries tries;
    Time now;
    bool due;
  } rows[] = {
      {"never tried", {entry("1", "/a")}, {}, noon, true},
      {"tried, and its time has not come", {entry("1", "/a")}, {{"/a", waits}}, noon + 9s, false},
      {"its time has come", {entry("1", "/a")}, {{"/a", waits}}, noon + 10s, true},
      {"a new commit meanwhile", {entry("1", "/a"), entry("2", "/a")}, {{"/a", waits}}, noon, true},
      {"a commit in another repository", {entry("1", "/a"), entry("2", "/b")}, {{"/a", waits}}, noon, false},
      {"only a person can help", {entry("1", "/a")}, {{"/a", for_a_person}}, noon + 24h, false},
      {"a new commit may help, too", {entry("1", "/a"), entry("2", "/a")}, {{"/a", for_a_person}}, noon, true},
      {"the clock was set back", {entry("2", "/a", Event::commit, noon - 48h)}, {{"/a", waits}}, noon - 48h, true},
  };
  for (const auto& row : rows) {
    const auto found = folders(due(gather(row.entries), row.tries, row.now));
    BOOST_TEST((std::ranges::find(found, "/a") != found.end()) == row.due, row.what);
  }
}

BOOST_AUTO_TEST_CASE(the_worker_wakes_for_the_next_that_is_due) {
  const std::vector<Work> works = gather({entry("1", "/a"), entry("2", "/b"), entry("3", "/c")});
  Tries tries;
  BOOST_TEST(!next_due(works, tries));
  tries["/a"].next = noon + 5min;
  tries["/b"].next = noon + 1min;
  tries["/gone"].next = noon;
  BOOST_TEST((next_due(works, tries) == noon + 1min));
}

BOOST_AUTO_TEST_CASE(it_waits_for_quiet_but_not_for_ever) {
  const auto at = [](std::vector<Entry> entries, Time now, const Tries& tries = {}) {
    return quiet_after({work(std::move(entries))}, tries, now);
  };
  const Entry first = entry("1", "/a");
  BOOST_TEST((at({first}, noon) == noon + 1s));
  BOOST_TEST((at({first, entry("2", "/a", Event::commit, noon + 5s)}, noon + 5s) == noon + 6s));
  BOOST_TEST((at({first, entry("2", "/a", Event::commit, noon + 50s)}, noon + 50s) == noon + 30s));
  BOOST_TEST((at({unreadable("1")}, noon) <= noon));
  BOOST_TEST((at({entry("1", "/a", Event::commit, noon + 48h)}, noon) <= noon));  // a clock was wrong
  Tries tries;
  tries["/a"].entries = {"1"};
  BOOST_TEST((at({entry("1", "/a", Event::commit, noon - 60min), entry("2", "/a")}, noon, tries) == noon + 1s));
  BOOST_TEST((at({entry("1", "/a", Event::commit, noon - 60min)}, noon, tries) <= noon));
}

BOOST_AUTO_TEST_CASE(an_event_concerns_the_projects_that_want_it) {
  Project both = project("both");
  Project pull = project("pull");
  pull.direction = Direction::pull;
  Project deaf = project("deaf");
  deaf.hooks = {"merge"};
  Project folder = project("folder");
  folder.client = Client::unison;
  const ProjectsByFolder projects = {{"/a", {&both, &pull, &deaf, &folder}}, {"/b", {&both}}};
  const auto names = [&](const Entry& one) {
    std::vector<std::string> all;
    for (const Project* const member : concerned(work({one}, one.token ? "/a" : ""), one, projects)) {
      all.push_back(member->name);
    }
    return all;
  };
  expect(names(entry("1", "/a", Event::commit)), {"both"});
  expect(names(entry("1", "/a", Event::merge)), {"both", "deaf"});
  expect(names(entry("1", "/a", Event::checkout)), {"both", "pull"});
  expect(names(unreadable("1")), {"both", "pull", "deaf", "both"});
}

BOOST_AUTO_TEST_CASE(an_outcome_tells_whether_time_or_a_person_helps) {
  using Kind = Verdict::Kind;
  const struct {
    const char* what;
    ProjectOutcome outcome;
    Kind kind;
  } rows[] = {
      {"in sync", outcome(Status::ok), Kind::done},
      {"no network", outcome(Status::offline), Kind::again},
      {"another run", outcome(Status::locked), Kind::again},
      {"the server refuses", outcome(Status::failed), Kind::broken},
      {"no key", outcome(Status::auth), Kind::person},
      {"skipped", outcome(Status::skipped), Kind::untold},
      {"a rebase goes on", outcome(Status::attention, {std::nullopt, Reason::busy}), Kind::again},
      {"another computer was quicker", outcome(Status::attention, {Reason::stale}), Kind::again},
      {"left as it is, because it is in use", left_in_use(), Kind::again},
      {"diverged", outcome(Status::attention, {Reason::busy, Reason::diverged}), Kind::person},
      {"local changes", outcome(Status::attention, {Reason::dirty}), Kind::person},
  };
  for (const auto& row : rows) BOOST_TEST((verdict_of(row.outcome).kind == row.kind), row.what);
}

BOOST_AUTO_TEST_CASE(a_commit_is_done_when_all_its_servers_have_it) {
  const Project origin = project("notes");
  const Project backup = project("notes-2");
  const ProjectsByFolder projects = {{"/a", {&origin, &backup}}};
  const Work commit = work({entry("1", "/a")});
  const auto kind = [&](Operation operation, const RunReport& told) {
    Heard heard;
    hear(heard, operation, told);
    return verdict_of(commit, commit.entries.front(), projects, heard).kind;
  };
  ProjectOutcome first = outcome(Status::ok);
  ProjectOutcome second = outcome(Status::ok);
  second.name = "notes-2";
  using Kind = Verdict::Kind;
  BOOST_TEST((kind(Operation::push, report({first, second})) == Kind::done));
  BOOST_TEST((kind(Operation::now, report({first, second})) == Kind::done));
  BOOST_TEST((kind(Operation::pull, report({first, second})) == Kind::untold));
  BOOST_TEST((kind(Operation::push, report({first})) == Kind::untold));
  second.status = Status::offline;
  BOOST_TEST((kind(Operation::push, report({first, second})) == Kind::again));
  second.status = Status::ok;
  RunReport dry = report({first, second});
  dry.dry_run = true;
  BOOST_TEST((kind(Operation::push, dry) == Kind::untold));
}

BOOST_AUTO_TEST_CASE(nobody_s_commit_is_done) {
  BOOST_TEST((verdict_of(work({entry("1", "/a")}), entry("1", "/a"), {}, {}).kind == Verdict::Kind::done));
}

BOOST_AUTO_TEST_CASE(pauses_grow_up_to_a_quarter_of_an_hour) {
  const Work commit = work({entry("1", "/a")});
  Try one;
  std::chrono::milliseconds before{0};
  for (int i = 0; i < 10; ++i) {
    one = after_try(one, commit, {.kind = Verdict::Kind::again, .reason = "offline"}, noon, 0.5);
    BOOST_REQUIRE(one.next);
    const auto pause = *one.next - noon;
    BOOST_TEST((pause >= before));
    before = pause;
  }
  BOOST_TEST((before == 15min));
  BOOST_TEST(one.failures == 10U);
  BOOST_TEST(one.reason == "offline");
  BOOST_TEST(one.entries.contains("1"));
}

BOOST_AUTO_TEST_CASE(computers_come_back_at_different_times) {
  const Work commit = work({entry("1", "/a")});
  const Verdict offline{.kind = Verdict::Kind::again, .reason = "offline"};
  BOOST_TEST((after_try({}, commit, offline, noon, 0).next == noon + 7500ms));
  BOOST_TEST((after_try({}, commit, offline, noon, 0.998).next == noon + 12490ms));
}

BOOST_AUTO_TEST_CASE(what_only_a_person_can_mend_is_left_until_a_worker_starts) {
  const Work commit = work({entry("1", "/a")});
  const Try left = after_try({}, commit, {.kind = Verdict::Kind::person, .reason = "no key"}, noon, 0);
  BOOST_TEST(!left.next);
  const Tries tries = {{"/a", left}};
  BOOST_TEST(due({commit}, tries, noon + 24h).empty());
  BOOST_TEST(due({commit}, second_chance(tries, noon + 15min), noon + 15min).size() == 1U);
  BOOST_TEST(due({commit}, second_chance(tries, noon + 1min), noon + 1min).empty());
  BOOST_TEST(due({commit}, second_chance(tries, noon - 1min), noon - 1min).size() == 1U);  // the clock was set back
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_tried_on) {
  Try one;
  for (int i = 0; i < 20; ++i) {
    one = after_try(one, work({entry("1", "/a")}), {.kind = Verdict::Kind::broken, .reason = "refused"}, noon, 0.5);
  }
  BOOST_TEST((one.next == noon + 15min));
}

BOOST_AUTO_TEST_CASE(a_thousand_commits_offline_are_one_entry) {
  // The newest stays: a run by hand that began before it may settle the others.
  expect(superfluous(work({entry("1", "/a"), entry("2", "/a"), entry("3", "/a", Event::checkout), entry("4", "/a")})),
         {"2", "1"});
  expect(superfluous(work({unreadable("1"), unreadable("2")}, "")), {"1"});
}

BOOST_AUTO_TEST_CASE(commits_while_offline_do_not_put_off_the_next_try) {
  Try one;
  for (const char* const name : {"1", "2", "3", "4", "5"}) {  // each of them is tried as it comes
    one = after_try(one, work({entry(name, "/a")}), {.kind = Verdict::Kind::again, .reason = "offline"}, noon, 0.5);
  }
  BOOST_TEST((one.next <= noon + 1min));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_put_back_delays_no_try_by_days) {
  const std::vector<Work> works = {work({entry("1", "/a")})};
  Tries tries;
  tries["/a"] = {.failures = 1, .last = noon, .next = noon + 72h, .reason = "offline", .entries = {"1"}, .told = {}};
  BOOST_TEST(due(works, tries, noon).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
