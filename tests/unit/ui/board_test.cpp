#include "ui/board.hpp"

#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "ui/words.hpp"

namespace syncmanager::ui {

namespace {

using std::chrono::seconds;

const Transfer receiving{.sending = false, .objects = 1204, .total_objects = 5310, .bytes = 3'250'585};
const Transfer sending{.sending = true, .objects = 7, .total_objects = 0, .bytes = 512};
const Board::Time start{};

std::string text(const Board& board, std::size_t most = 24) {
  return joined(board.lines(start + seconds(2), most), "\n");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(board)

BOOST_AUTO_TEST_CASE(tells_objects_bytes_and_rate) {
  BOOST_TEST(progress_line("notes", receiving, seconds(2)) ==
             "notes  receiving 1,204 of 5,310 objects  3.1 MiB  1.5 MiB/s");
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_known_yet) {
  BOOST_TEST(progress_line("notes", sending, seconds(0)) == "notes  sending 7 objects  512 bytes");
}

BOOST_AUTO_TEST_CASE(tells_how_many_deltas_are_resolved_when_all_objects_have_come) {
  const auto line = [](std::uint64_t deltas, std::uint64_t total) {
    Transfer transfer = receiving;
    transfer.objects = transfer.total_objects;
    transfer.deltas = deltas;
    transfer.total_deltas = total;
    return progress_line("notes", transfer, seconds(2));
  };
  BOOST_TEST(line(0, 2000) == "notes  resolving deltas 0%");
  BOOST_TEST(line(919, 2000) == "notes  resolving deltas 45%");
  BOOST_TEST(line(1999, 2000) == "notes  resolving deltas 99%");
  BOOST_TEST(line(2000, 2000) == "notes  resolving deltas 100%");
  BOOST_TEST(line(UINT64_MAX, UINT64_MAX - 1) == "notes  resolving deltas 100%");
}

BOOST_AUTO_TEST_CASE(tells_files_of_folders_in_both_directions_alike) {
  Transfer files{.sending = false, .objects = 1204, .total_objects = 0, .bytes = 3'250'585};
  files.what = Transfer::What::files;
  BOOST_TEST(progress_line("photos", files, seconds(2)) == "photos  copying 1,204 files  3.1 MiB  1.5 MiB/s");
  files.sending = true;
  BOOST_TEST(progress_line("photos", files, seconds(0)) == "photos  copying 1,204 files  3.1 MiB");
}

BOOST_AUTO_TEST_CASE(escapes_names) {
  BOOST_TEST(progress_line("a\x1b[2J", sending, seconds(0)) == "a\\x1b[2J  sending 7 objects  512 bytes");
}

BOOST_AUTO_TEST_CASE(says_nothing_while_nothing_is_under_way) {
  Board board;
  BOOST_TEST(text(board) == "");
  board.start("notes");
  board.finish("notes");
  BOOST_TEST(text(board) == "");
}

BOOST_AUTO_TEST_CASE(shows_transfers_and_what_is_waited_for) {
  Board board;
  for (const char* name : {"done", "a", "b", "c", "d", "notes"}) board.start(name);
  board.finish("done");
  board.transfer("notes", receiving, start);
  board.transfer("b", sending, start);
  BOOST_TEST(text(board) ==
             "  b      sending 7 objects  512 bytes  256 bytes/s\n"
             "  notes  receiving 1,204 of 5,310 objects  3.1 MiB  1.5 MiB/s\n"
             "  working on a, c, d, 1 done");
}

BOOST_AUTO_TEST_CASE(tells_what_waits_apart_from_what_is_worked_on) {
  Board board;
  for (const char* name : {"a", "b", "c", "d"}) board.queue(name);
  BOOST_TEST(text(board) == "  waiting for a, b, c and 1 more");
  board.finish("a");
  board.start("b");
  BOOST_TEST(text(board) ==
             "  working on b\n"
             "  waiting for c, d, 1 done");
  board.transfer("c", sending, start);
  BOOST_TEST(text(board) ==
             "  c  sending 7 objects  512 bytes  256 bytes/s\n"
             "  working on b\n"
             "  waiting for d, 1 done");
}

BOOST_AUTO_TEST_CASE(names_only_some_of_many) {
  Board board;
  for (const char* name : {"a", "b", "c", "d", "e"}) board.start(name);
  BOOST_TEST(text(board) == "  working on a, b, c and 2 more");
}

BOOST_AUTO_TEST_CASE(fits_into_the_rows_of_the_terminal) {
  Board board;
  for (const char* name : {"a", "b", "c", "d"}) board.transfer(name, sending, start);
  BOOST_TEST(text(board, 3) ==
             "  a  sending 7 objects  512 bytes  256 bytes/s\n"
             "  b  sending 7 objects  512 bytes  256 bytes/s\n"
             "  and 2 more");
  BOOST_TEST(text(board, 1) == "  and 4 more");
}

BOOST_AUTO_TEST_CASE(measures_the_rate_of_each_transfer_anew) {
  Board board;
  board.transfer("a", receiving, start - seconds(100));
  board.transfer("a", sending, start);
  BOOST_TEST(text(board) == "  a  sending 7 objects  512 bytes  256 bytes/s");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
