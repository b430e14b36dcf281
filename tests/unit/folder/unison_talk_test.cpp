#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "folder/unison_progress.hpp"
#include "folder/unison_talk.hpp"

using namespace syncmanager;
using namespace syncmanager::folder;

namespace {

// As Unison 2.52.1 printed it.
constexpr std::string_view output =
    "\\ nb    \rchanged  <-?-> changed    b  \n"
    "local        : changed file       modified on 2026-11-28 at  6:00:21  size 9         rw-r--r--\n"
    "vm           : changed file       modified on 2026-11-28 at  6:00:21  size 9         rw-r--r--\n"
    "new file ---->            -dash  \n"
    "local        : new file           modified on 2026-11-28 at  6:00:21  size 2000      rw-r--r--\n"
    "vm           : absent\n"
    "deleted  ---->            d/f  \n"
    "local        : deleted\n"
    "vm           : unchanged file     modified on 2026-11-28 at  5:59:58  size 2         rw-r--r--\n"
    "         <---- changed    x from y  \n"
    "local        : unchanged file     modified on 2026-11-28 at  6:00:21  size 2         rw-r--r--\n"
    "vm           : changed file       modified on 2026-11-28 at  6:01:28  size 2000      rw-r--r--\n"
    "         <---- deleted    old  \n"
    "local        : unchanged file     modified on 2026-11-28 at  6:00:21  size 2         rw-r--r--\n"
    "vm           : deleted\n"
    "         error            sec  \n"
    "Error in digesting /home/jane/docs/sec:\n"
    "/home/jane/docs/sec: Permission denied\n"
    "new file ---->            ro/f  \n"
    "local        : new file           modified on 2026-11-28 at  6:00:21  size 4         rw-r--r--\n"
    "vm           : absent\n"
    " 50%  00:00 ETA\r               \r100%  00:00 ETA\r               \rFailed [ro/f]: Error in a transfer:\n"
    "Permission denied [open(/srv/ro/f)]\n";

constexpr std::string_view errors =
    "Looking for changes\n"
    "Propagating updates\n"
    "[CONFLICT] Skipping b\n"
    "  contents changed on both sides\n"
    "Saving synchronizer state\n"
    "Synchronization incomplete at 06:01:28  (4 items transferred, 2 skipped, 1 failed)\n"
    "  skipped: b (contents changed on both sides)\n"
    "  skipped: sec (Error in digesting /home/jane/docs/sec:\n"
    "/home/jane/docs/sec: Permission denied)\n"
    "  failed: ro/f\n";

constexpr UnisonView both{.local_first = true, .pull = true, .push = true, .dry_run = false};

/// An output that holds nothing but these.
std::string items(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "  \nlocal : x\nserver : y\n";
  return text;
}

std::string left(const std::vector<std::string>& lines) {
  std::string text =
      "Looking for changes\nSynchronization complete at 06:01:28  (1 item transferred, 1 skipped, 0 failed)\n";
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

using Names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(unison_talk)

BOOST_AUTO_TEST_CASE(tells_what_moved_what_is_in_conflict_and_what_failed) {
  const CopyResult result = unison_result(2, output, errors, both);
  BOOST_TEST((result.ending == Ending::partial));
  BOOST_TEST((result.files.there == FilesMoved{.copied = 1, .replaced = 0, .deleted = 1}));
  BOOST_TEST((result.files.here == FilesMoved{.copied = 1, .replaced = 0, .deleted = 1}));
  const std::vector<FileMove> moves = {{Side::server, false, "-dash"},
                                       {Side::server, true, "d/f"},
                                       {Side::local, false, "x from y"},
                                       {Side::local, true, "old"}};
  BOOST_TEST((result.files.moves == moves));
  BOOST_TEST(result.files.conflicts == Names{"b"}, boost::test_tools::per_element());
  const Names troubles = {"sec: Error in digesting /home/jane/docs/sec: /home/jane/docs/sec: Permission denied",
                          "ro/f: Error in a transfer: Permission denied [open(/srv/ro/f)]"};
  BOOST_TEST(result.files.troubles == troubles, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(knows_the_sides_where_the_server_stands_first) {
  UnisonView view = both;
  view.local_first = false;
  const CopyResult result = unison_result(0, items({"new file ---->            a"}), left({}), view);
  BOOST_TEST(result.files.here.copied == 1U);
  BOOST_TEST(result.files.there.copied == 0U);
}

BOOST_AUTO_TEST_CASE(says_nothing_of_what_waits_for_the_other_direction) {
  const UnisonView pull{.local_first = true, .pull = true, .push = false, .dry_run = false};
  const std::string found =
      items({"changed  <=?=>            a", "deleted  <=?=>            d/f", "         <---- changed    b"});
  const std::string skipped = left({"skipped: a (would update a file with noupdate or noupdatepartial set)",
                                    "skipped: n (would create a file with nocreation or nocreationpartial set)",
                                    "skipped: d/f (would delete a file with nodeletion or nodeletionpartial set)"});
  const CopyResult result = unison_result(1, found, skipped, pull);
  BOOST_TEST((result.ending == Ending::complete));
  BOOST_TEST((result.files.here == FilesMoved{.copied = 1, .replaced = 0, .deleted = 0}));
  BOOST_TEST((result.files.there == FilesMoved()));
  BOOST_TEST(result.files.conflicts.empty());
  BOOST_TEST(result.files.troubles.empty());
}

BOOST_AUTO_TEST_CASE(tells_in_a_dry_run_what_would_move) {
  const std::string found = items({"changed  <-?-> changed    b", "changed  <=?=>            a",
                                   "         <=?=> new file   new", "         <=?=> deleted    gone"});
  const std::string skipped = left({"skipped: b (contents changed on both sides)",
                                    "skipped: a (would update a file with noupdate or noupdatepartial set)"});
  UnisonView view = both;
  view.dry_run = true;
  const CopyResult now = unison_result(1, found, skipped, view);
  BOOST_TEST((now.files.here == FilesMoved{.copied = 1, .replaced = 0, .deleted = 1}));
  BOOST_TEST((now.files.there == FilesMoved{.copied = 1, .replaced = 0, .deleted = 0}));
  BOOST_TEST(now.files.conflicts == Names{"b"}, boost::test_tools::per_element());
  view.pull = false;
  BOOST_TEST((unison_result(1, found, skipped, view).files.here == FilesMoved()));
}

BOOST_AUTO_TEST_CASE(tells_in_a_dry_run_what_force_would_decide) {
  const std::string found = items({"deleted  <=?=> changed    b", "changed  <=?=> deleted    c"});
  const std::string skipped = left({"skipped: b (would create a file with nocreation or nocreationpartial set)",
                                    "skipped: c (would delete a file with nodeletion or nodeletionpartial set)"});
  UnisonView view{.local_first = true, .pull = true, .push = false, .dry_run = true, .force = true};
  const std::vector<FileMove> pulled = {{Side::local, false, "b"}, {Side::local, true, "c"}};
  BOOST_TEST((unison_result(1, found, skipped, view).files.moves == pulled));
  view = {.local_first = false, .pull = false, .push = true, .dry_run = true, .force = true};
  const std::vector<FileMove> pushed = {{Side::server, false, "b"}, {Side::server, true, "c"}};
  BOOST_TEST((unison_result(1, found, skipped, view).files.moves == pushed));
  // By a rule of the template's, which may go either way.
  view.force = false;
  BOOST_TEST(unison_result(1, found, skipped, view).files.conflicts == (Names{"b", "c"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tells_which_folders_have_come_in_part_only) {
  constexpr std::string_view found =
      "new dir  --?->            n  \n"
      "local        : new dir            modified on 2026-11-28 at  7:11:01  size 2         rwxr-xr-x\n"
      "vm           : absent\n"
      "[root 1]: Error in digesting /home/jane/docs/n/bad:\n"
      "/home/jane/docs/n/bad: Permission denied\n"
      "[root 1]: Error in scanning directory:\n"
      "Permission denied [opendir(/home/jane/docs/n/sub)]\n"
      "         <-?-- new dir    nn  \n";
  const CopyResult result =
      unison_result(1, found, left({"partially transferred: n", "partially transferred: nn"}), both);
  BOOST_TEST((result.ending == Ending::partial));
  const std::vector<FileMove> moves = {{Side::server, false, "n"}, {Side::local, false, "nn"}};
  BOOST_TEST((result.files.moves == moves));
  const Names troubles = {"n: Error in digesting /home/jane/docs/n/bad: /home/jane/docs/n/bad: Permission denied",
                          "nn: not all of it could be read"};
  BOOST_TEST(result.files.troubles == troubles, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_a_merge_for_a_change_of_both_sides_or_for_a_conflict_where_it_was_not_to_be) {
  const std::string found = items({"changed  <-M-> changed    a", "changed  <-M-> changed    b"}) +
                            "Failed [b]: Merge program didn't change either temp file\n";
  const std::string failed = left({"failed: b"});
  const CopyResult merged = unison_result(2, found, failed, both);
  const std::vector<FileMove> moves = {{Side::local, false, "a"}, {Side::server, false, "a"}};
  BOOST_TEST((merged.files.moves == moves));
  BOOST_TEST(merged.files.troubles == Names{"b: Merge program didn't change either temp file"},
             boost::test_tools::per_element());
  UnisonView pull = both;
  pull.push = false;
  const CopyResult left_alone = unison_result(2, found, failed, pull);
  BOOST_TEST(left_alone.files.moves.empty());
  BOOST_TEST(left_alone.files.conflicts == (Names{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(left_alone.files.troubles.empty());
}

BOOST_AUTO_TEST_CASE(calls_the_root_itself_a_dot) {
  const CopyResult result = unison_result(2, items({"props    ---->            "}), left({"failed: "}), both);
  BOOST_TEST(result.files.moves.empty());
  BOOST_TEST(result.files.troubles.size() == 1U);
  const CopyResult moved = unison_result(0, items({"props    ---->            "}), left({}), both);
  BOOST_REQUIRE(moved.files.moves.size() == 1U);
  BOOST_TEST(moved.files.moves.front().path == ".");
}

BOOST_AUTO_TEST_CASE(tells_moves_whatever_the_file_is_called) {
  for (const std::string path : {"cr\rname", "x\ny", " lead", "trail ", "-dash", "\xff\xfe", "new file ---->"}) {
    const std::string found = "- d/1\r     \r" + items({"new file ---->            " + path});
    const CopyResult result = unison_result(0, found, left({}), both);
    BOOST_REQUIRE(result.files.moves.size() == 1U);
    BOOST_TEST(result.files.moves.front().path == path);
  }
}

BOOST_AUTO_TEST_CASE(names_every_conflict_whatever_the_file_is_called) {
  for (const std::string path : {"a b", " (contents", "x (would update a file with noupdate set)", "b\nc", "\xff\xfe",
                                 "  skipped: a (x)", "a\nSynchronization complete at", "é", "<-?->"}) {
    const CopyResult result = unison_result(1, items({"changed  <-?-> changed    " + path}),
                                            left({"skipped: " + path + " (contents changed on both sides)"}), both);
    BOOST_TEST(std::ranges::count(result.files.conflicts, path) == 1, path);
  }
}

BOOST_AUTO_TEST_CASE(takes_no_end_for_a_good_one_that_it_does_not_understand) {
  BOOST_TEST((unison_result(1, "", left({}), both).ending != Ending::complete));
  BOOST_TEST((unison_result(1, "", "Usage: unison [options]\n", both).ending == Ending::failed));
  BOOST_TEST((unison_result(2, "", "", both).ending == Ending::failed));
  BOOST_TEST((unison_result(143, "", left({}), both).ending == Ending::failed));
  BOOST_TEST((unison_result(0, "", "Nothing to do: replicas have been changed only in identical ways\n", both).ending ==
              Ending::complete));
}

BOOST_AUTO_TEST_CASE(knows_why_it_did_not_begin) {
  struct Row {
    std::string_view errors;
    Ending ending;
    std::string words;
  };
  const Row rows[] = {
      {"Looking for changes\nThe root of one of the replicas has been completely emptied.\nUnison may delete "
       "everything "
       "in the other replica.  (Set the \n'confirmbigdel' preference to false to disable this check.)\n\n",
       Ending::refused, "'confirmbigdel' preference to false to disable this check.)"},
      {"Fatal error: Warning: the archives are locked.  \nIf no other instance of unison is running, the locks should "
       "be "
       "removed.\n",
       Ending::held, "Warning: the archives are locked."},
      {"Fatal error: Warning: inconsistent state.  \nThe archive file is missing on some hosts.\n", Ending::forgotten,
       "Warning: inconsistent state."},
      {"sh: 1: nosuch: not found\nFatal error: Lost connection with the server\n", Ending::offline,
       "Lost connection with the server"},
      {"Fatal error: Received unexpected header from the server:\n expected \"Unison RPC\\n\"", Ending::misfit,
       "Received unexpected header from the server: expected \"Unison RPC\\n\""},
      {"Looking for changes\nError: Warning: the archives are locked.  \nIf no other instance\n", Ending::held,
       "Warning: the archives are locked."},
      {"Fatal error: None of server's RPC versions are supported. The server may be too old\n", Ending::misfit,
       "None of server's RPC versions are supported. The server may be too old"},
      {"Fatal error: Usage: unison [options]\n\nBasic options:\n -x  x\n \nbad pattern:  -force \nA pattern must be "
       "introduced by one of the following keywords:\n    Name, Path, BelowPath or Regex.\n\n",
       Ending::failed,
       "bad pattern:  -force A pattern must be introduced by one of the following keywords: Name, Path, BelowPath or "
       "Regex."},
      {"Fatal error: Profile \"t\" (file \"t.prf\"), line 3: `bogus' is not a valid option\n", Ending::failed,
       "Profile \"t\" (file \"t.prf\"), line 3: `bogus' is not a valid option"},
  };
  for (const Row& row : rows) {
    const CopyResult result = unison_result(3, "Aborting...\n", row.errors, both);
    BOOST_TEST((result.ending == row.ending), row.errors);
    BOOST_TEST(result.words == row.words);
  }
}

BOOST_AUTO_TEST_CASE(counts_the_bytes_of_the_side_that_is_copied) {
  constexpr std::string_view found =
      "deleted  <==== changed    b  \n"
      "local        : deleted\n"
      "vm           : changed file       modified on 2026-11-28 at  7:11:01  size 5         rw-r--r--\n"
      "changed  ====> changed    x\ny  \n"
      "local        : changed file       modified on 2026-11-28 at  7:11:01  size 70        rw-r--r--\n"
      "vm           : changed file       modified on 2026-11-28 at  7:11:01  size 600       rw-r--r--\n"
      "deleted  ====> changed    z  \n"
      "local        : deleted\n"
      "vm           : changed file       modified on 2026-11-28 at  7:11:01  size 8000      rw-r--r--\n"
      "         <---- props      ro  \n"
      "local        : unchanged dir      modified on 2026-11-28 at  7:11:24  size 4         rwxr-xr-x\n"
      "vm           : dir props changed  modified on 2026-11-28 at  7:11:24  size 9         r-xr-xr-x\n"
      "100%  00:00 ETA\r               \r";
  Transfer last;
  UnisonProgress progress([&](const Transfer& transfer) { last = transfer; });
  progress.feed(found);
  BOOST_TEST(last.bytes == 75U);
  BOOST_TEST(last.total_objects == 4U);
}

BOOST_AUTO_TEST_CASE(tells_how_far_it_is_however_the_output_is_cut) {
  for (const std::size_t piece : {1U, 13U, 100'000U}) {
    std::vector<Transfer> transfers;
    UnisonProgress progress([&](const Transfer& transfer) { transfers.push_back(transfer); });
    for (std::string_view text = output; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
      progress.feed(text.substr(0, piece));
    }
    BOOST_REQUIRE(transfers.size() == 2U);
    BOOST_TEST(transfers[0].total_objects == 5U);
    BOOST_TEST(transfers[0].objects == 2U);
    BOOST_TEST(transfers[0].bytes == 2002U);
    BOOST_TEST(transfers[1].bytes == 4004U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
