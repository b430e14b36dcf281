#include "sync/undo_plan.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace syncmanager::sync {

namespace {

using Tip = std::optional<Oid>;
using Tips = std::vector<Tip>;

const Tip none;
const Tip a = Oid::from_hex(std::string(40, 'a'));
const Tip b = Oid::from_hex(std::string(40, 'b'));
const Tip c = Oid::from_hex(std::string(40, 'c'));
const std::set<std::string> origin = {"origin"};

std::string line(const std::string& kind, const std::string& branch, const Tip& from, const Tip& to) {
  return kind + " refs/heads/" + branch + " " + (from ? from->hex() : "-") + " " + (to ? to->hex() : "-") + "\n";
}

std::string begun(int minute, const std::string& remote = "origin", const std::string& tool = "sync-pull") {
  return "run 2026-11-24T22:1" + std::to_string(minute) + ":00.000Z " + tool + " " + remote + "\n";
}

Time at(const std::string& text) {
  return *parse_utc(text);
}

const Time now = at("2026-11-25T00:00:00.000Z");

std::string newest(const std::string& journal, const std::set<std::string>& remotes = origin) {
  const auto start = newest_start(parse_journal(journal), remotes, now);
  return start ? format_utc(*start).substr(14, 2) : "none";
}

std::vector<WayBack> ways(const std::string& journal, const std::set<std::string>& remotes = origin) {
  const std::vector<JournalRun> runs = parse_journal(journal);
  return ways_back(runs_of(runs, remotes, *newest_start(runs, remotes, now)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(undo_plan)

BOOST_AUTO_TEST_CASE(the_newest_run_that_changed_something_is_taken_back) {
  const std::string move = line("ref", "x", a, b);
  const std::string kept = line("kept", "x", a, b);
  struct Row {
    std::string journal;
    std::string start;
  };
  const std::vector<Row> rows = {
      {"", "none"},
      {begun(1) + move + "end\n" + begun(2) + move + "end\n", "12"},
      {begun(2) + move + "end\n" + begun(1) + move + "end\n", "12"},
      {begun(1) + move, "11"},
      {begun(1) + line("sent", "x", a, b) + "end\n", "11"},
      {begun(1) + move + "end\n" + begun(2) + "end\n", "11"},
      {begun(1) + move + "end\n" + begun(2) + move + kept + "end\n", "11"},
      {begun(1) + move + "end\n" + begun(2) + move + kept + line("sent", "x", a, b) + "end\n", "12"},
      {begun(1) + move + "end\n" + begun(2, "origin", "sync-undo") + move + "end\n", "11"},
      {begun(1) + move + "end\n" + begun(2, "backup") + move + "end\n", "11"},
      {begun(1) + move + "end\nundone 2026-11-24T22:11:00.000Z\n", "none"},
      {begun(1) + move + "end\n" + "run 2026-11-25T23:59:00.000Z sync-pull origin\n" + move, "59"},
      {begun(1) + move + "end\n" + "run 2026-11-26T00:01:00.000Z sync-pull origin\n" + move, "11"},
  };
  for (const Row& row : rows) BOOST_TEST(newest(row.journal) == row.start, row.journal);
  BOOST_TEST(newest(begun(2, "backup") + move, {"origin", "backup"}) == "12");
}

BOOST_AUTO_TEST_CASE(the_last_move_goes_back_first) {
  const auto back = ways(begun(1) + line("ref", "gone", a, none) + line("ref", "gone/new", none, b) + "end\n");
  BOOST_TEST_REQUIRE(back.size() == 2U);
  BOOST_TEST(back[0].ref == "refs/heads/gone/new");
  BOOST_TEST((back[0].to == none && back[0].stops == Tips{b}));
  BOOST_TEST(back[1].ref == "refs/heads/gone");
  BOOST_TEST((back[1].to == a && back[1].stops == Tips{none}));
}

BOOST_AUTO_TEST_CASE(the_tries_and_the_remotes_of_a_run_go_back_at_once) {
  const std::string journal = begun(1) + line("tree", "main", a, b) + line("sent", "main", a, b) + "end\n" +
                              begun(1, "backup") + line("tree", "main", b, c) + line("sent", "main", b, c) + "end\n" +
                              begun(1) + line("sent", "main", b, c) + "end\n";
  const auto back = ways(journal, {"origin", "backup"});
  BOOST_TEST_REQUIRE(back.size() == 3U);
  BOOST_TEST((back[0].sent && back[0].remote == "origin" && back[0].to == a && back[0].stops == Tips{c, b}));
  BOOST_TEST((back[1].sent && back[1].remote == "backup" && back[1].to == b && back[1].stops == Tips{c}));
  BOOST_TEST((!back[2].sent && back[2].to == a && back[2].stops == Tips{c, b}));
  BOOST_TEST(ways(journal, {"backup"}).size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_the_user_moved_between_two_tries_stays_in_between) {
  const auto back = ways(begun(1) + line("ref", "x", none, a) + "end\n" + begun(1) + line("ref", "x", b, c) + "end\n");
  BOOST_TEST_REQUIRE(back.size() == 2U);
  BOOST_TEST((back[0].to == b && back[1].to == none));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
