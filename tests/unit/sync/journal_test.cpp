#include "sync/journal.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::sync {

namespace {

using Kind = JournalEntry::Kind;

const std::string oid_a(40, 'a');
const std::string oid_b(40, 'b');

JournalRun run_at(int seconds) {
  JournalRun run;
  run.started = Time(std::chrono::seconds(1'700'000'000 + seconds) + std::chrono::milliseconds(7));
  run.tool = "sync-pull";
  run.remote = "origin";
  return run;
}

std::vector<JournalEntry> entries() {
  return {{Kind::tree, "refs/heads/main", Oid::from_hex(oid_a), Oid::from_hex(oid_b)},
          {Kind::ref, "refs/heads/gone", Oid::from_hex(oid_a), std::nullopt},
          {Kind::sent, "refs/heads/new", std::nullopt, Oid::from_hex(oid_b)}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal)

BOOST_AUTO_TEST_CASE(tells_what_was_taken_down) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "journals/x.journal";
  BOOST_TEST(read_journal(path).empty());
  Journal nothing(path, run_at(0));
  nothing.add({});
  nothing.end();
  BOOST_TEST(!std::filesystem::exists(path));
  Journal first(path, run_at(1));
  first.add(entries());
  for (const JournalEntry& entry : entries()) first.begin(entry.ref);
  first.end();
  Journal killed(path, run_at(2));
  killed.add({entries().front()});
  killed.add({entries().back()});
  for (const JournalEntry& entry : entries()) killed.begin(entry.ref);
  const std::string text = read_file(path).value();
  BOOST_TEST(text ==
             "syncmanager journal 1\n"
             "run 2023-11-14T22:13:21.007Z sync-pull origin\n"
             "tree refs/heads/main " +
                 oid_a + " " + oid_b +
                 "\n"
                 "ref refs/heads/gone " +
                 oid_a +
                 " -\n"
                 "sent refs/heads/new - " +
                 oid_b +
                 "\n"
                 "end\n"
                 "run 2023-11-14T22:13:22.007Z sync-pull origin\n"
                 "tree refs/heads/main " +
                 oid_a + " " + oid_b +
                 "\n"
                 "sent refs/heads/new - " +
                 oid_b + "\n");
  note_undone(path, run_at(1));
  const std::vector<JournalRun> runs = read_journal(path);
  BOOST_TEST_REQUIRE(runs.size() == 2U);
  BOOST_TEST((runs[0].ended && runs[0].undone));
  BOOST_TEST((!runs[1].ended && !runs[1].undone));
  BOOST_TEST((runs[0].started == run_at(1).started));
  BOOST_TEST(format_journal(parse_journal(format_journal(runs))) == format_journal(runs));
}

BOOST_AUTO_TEST_CASE(damaged_lines_are_passed_over) {
  const std::string good = "run 2023-11-14T22:13:21.007Z sync-pull origin\n";
  const std::vector<std::string> bad = {"ref refs/heads/x " + oid_a,
                                        "ref refs/heads/x " + oid_a + " xyz",
                                        "tree refs/heads/x - " + oid_a + " -",
                                        "run yesterday sync-pull origin",
                                        "undone 2023",
                                        "move refs/heads/x - -",
                                        "ref refs/heads/a\tb - " + oid_a,
                                        "ref refs/heads/a..b - " + oid_a,
                                        "run 2023-11-14T22:13:21.007Z sync-pull ../origin",
                                        "kept refs/heads/x - -",
                                        "kept",
                                        "run 2023-11-14T22:13:21.00",
                                        ""};
  for (const std::string& line : bad) {
    const std::vector<JournalRun> runs = parse_journal(good + line + "\nend\n");
    BOOST_TEST_REQUIRE(runs.size() == 1U, line);
    BOOST_TEST(runs[0].entries.empty(), line);
    BOOST_TEST(runs[0].ended, line);
  }
  BOOST_TEST(parse_journal("end\nref refs/heads/x - -\n").empty());
}

BOOST_AUTO_TEST_CASE(what_a_kill_cut_off_spoils_no_later_run) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "x.journal";
  folder.write("x.journal", "syncmanager journal 1\nrun 2023-11-14T22:13:20.007Z sync-pull origin\ntree refs/hea");
  Journal next(path, run_at(1));
  next.add(entries());
  const std::vector<JournalRun> runs = read_journal(path);
  BOOST_TEST_REQUIRE(runs.size() == 2U);
  BOOST_TEST(runs[0].entries.empty());
  BOOST_TEST(runs[1].entries.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_run_that_was_killed_is_ended_by_a_later_one) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "x.journal";
  Journal killed(path, run_at(1));
  killed.add(entries());
  BOOST_TEST(!read_journal(path).back().ended);
  note_ended(path);
  BOOST_TEST(read_journal(path).back().ended);
}

BOOST_AUTO_TEST_CASE(a_move_that_was_not_made_is_no_part_of_its_run) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "x.journal";
  const auto a = Oid::from_hex(oid_a);
  const auto b = Oid::from_hex(oid_b);
  Journal run(path, run_at(1));
  run.add({{Kind::tree, "refs/heads/main", a, b}, {Kind::ref, "refs/heads/made", a, b}});
  run.begin("refs/heads/main");
  run.kept("refs/heads/main");
  run.begin("refs/heads/made");
  run.add({{Kind::tree, "refs/heads/main", b, a}, {Kind::ref, "refs/heads/untried", std::nullopt, b}});
  run.begin("refs/heads/main");
  run.add({{Kind::sent, "refs/heads/made", a, b}});
  run.end();
  BOOST_TEST(read_file(path).value().ends_with("sent refs/heads/made " + oid_a + " " + oid_b +
                                               "\nkept refs/heads/main " + oid_a + " " + oid_b +
                                               "\nkept refs/heads/untried - " + oid_b + "\nend\n"));
  const std::vector<JournalRun> runs = read_journal(path);
  BOOST_TEST_REQUIRE(runs.size() == 1U);
  BOOST_TEST_REQUIRE(runs[0].entries.size() == 3U);
  BOOST_TEST(runs[0].entries[0].ref == "refs/heads/made");
  BOOST_TEST(runs[0].entries[1].ref == "refs/heads/main");
  BOOST_TEST((runs[0].entries[1].from == b));
  BOOST_TEST((runs[0].entries[2].kind == Kind::sent));
}

BOOST_AUTO_TEST_CASE(no_name_passes_for_lines) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "x.journal";
  for (const std::string name :
       {"x - -\nrun 2030-01-01T00:00:00.000Z sync-pull origin\nref refs/heads/main", "a b", "a\tb", "a\x7f"}) {
    Journal run(path, run_at(1));
    BOOST_CHECK_THROW(run.add({{Kind::ref, "refs/heads/" + name, std::nullopt, Oid::from_hex(oid_a)}}), Error);
  }
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_run_is_taken_back_by_its_start_and_its_remote) {
  const std::string run = "run 2023-11-14T22:13:21.007Z sync-pull ";
  const std::string both = run + "origin\nend\n" + run + "backup\nend\n" + run + "origin\nend\n";
  std::vector<JournalRun> runs = parse_journal(both + "undone 2023-11-14T22:13:21.007Z origin\n");
  BOOST_TEST((runs[0].undone && !runs[1].undone && runs[2].undone));
  BOOST_TEST(format_journal(parse_journal(format_journal(runs))) == format_journal(runs));
  runs = parse_journal(both + "undone 2023-11-14T22:13:21.007Z\n");
  BOOST_TEST((runs[0].undone && runs[1].undone && runs[2].undone));
}

BOOST_AUTO_TEST_CASE(an_entry_tells_its_branch) {
  BOOST_TEST(branch_of({Kind::ref, "refs/heads/a/b", std::nullopt, std::nullopt}) == "a/b");
  BOOST_TEST(branch_of({Kind::sent, "refs/tags/v1", std::nullopt, std::nullopt}) == "refs/tags/v1");
}

BOOST_AUTO_TEST_CASE(a_journal_that_grows_large_loses_its_oldest_runs) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "x.journal";
  std::vector<JournalRun> many;
  for (int i = 0; many.size() < 2000; ++i) {
    many.push_back(run_at(i));
    many.back().entries = entries();
    many.back().ended = true;
  }
  folder.write("x.journal", format_journal(many));
  Journal next(path, run_at(5000));
  next.add(entries());
  const std::vector<JournalRun> runs = read_journal(path);
  BOOST_TEST(runs.size() < 1000U);
  BOOST_TEST((runs.back().started == run_at(5000).started));
  BOOST_TEST((runs[runs.size() - 2].started == many.back().started));
}

BOOST_AUTO_TEST_CASE(a_move_that_was_left_half_made_is_told_to_later_runs) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "x.journal";
  Journal run(path, run_at(1));
  run.add(entries());
  run.begin("refs/heads/main");
  run.half_made("refs/heads/main");
  for (const auto& runs : {read_journal(path), parse_journal(format_journal(read_journal(path)))}) {
    BOOST_TEST_REQUIRE(runs.size() == 1U);
    BOOST_TEST_REQUIRE(runs[0].entries.size() == 3U);
    BOOST_TEST(runs[0].entries[0].half);
    BOOST_TEST(!runs[0].entries[1].half);
    BOOST_TEST(!runs[0].ended);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
