#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "folder/rsync_talk.hpp"

using namespace syncmanager;
using namespace syncmanager::folder;

namespace {

// As rsync 3.5.0 printed it.
constexpr std::string_view output =
    "skipping non-regular file \"fifo\"\n"
    "@>f+++++++++ 2 -dash\n"
    "\r              2   0%    0.00kB/s    0:00:00  \r              2   0%    0.00kB/s    0:00:00 (xfr#1, to-chk=7/9)\n"
    "@>f.st...... 2 a\n"
    "\r              4   0%    1.95kB/s    0:00:00 (xfr#2, to-chk=6/9)\n"
    "@.f..t...... 2 only its date\n"
    "@.d..t...... 4096 ./\n"
    "@>f+++++++++ 2 we ird\\#012name\n"
    "@cL+++++++++ 2 link\n"
    "@cLc.t...... 3 replaced\n"
    "@cd+++++++++ 4096 sub/\n"
    "@*deleting   0 dd/x\n"
    "@*deleting   0 dd/\n"
    "\r        3145737  99%  500.00MB/s    0:00:00 (xfr#6, to-chk=1/9)\n";

struct Read {
  FilesOutcome files;
  std::uint64_t deletions = 0;
  std::vector<Transfer> transfers;
};

Read read(std::string_view text, bool sending, std::size_t piece) {
  Read result;
  RsyncReader reader(sending, [&](const Transfer& transfer) { result.transfers.push_back(transfer); });
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) reader.feed(text.substr(0, piece));
  result.files = reader.files();
  result.deletions = reader.deletions();
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rsync_talk)

BOOST_AUTO_TEST_CASE(tells_which_files_moved_however_the_output_is_cut) {
  for (const std::size_t piece : {1U, 7U, 64U, 10'000U}) {
    const Read told = read(output, false, piece);
    BOOST_TEST((told.files.here == FilesMoved{.copied = 5, .replaced = 2, .deleted = 1}));
    BOOST_TEST((told.files.there == FilesMoved()));
    BOOST_TEST(told.deletions == 2U);
    const std::vector<FileMove> moves = {{Side::local, false, "-dash"},        {Side::local, false, "a"},
                                         {Side::local, false, "we ird\nname"}, {Side::local, false, "link"},
                                         {Side::local, false, "replaced"},     {Side::local, true, "dd/x"}};
    BOOST_TEST((told.files.moves == moves));
    BOOST_REQUIRE(!told.transfers.empty());
    BOOST_TEST(told.transfers.back().bytes == 3'145'737U);
    BOOST_TEST(told.transfers.back().objects == 5U);
    BOOST_TEST((told.transfers.back().what == Transfer::What::files));
  }
  BOOST_TEST((read(output, true, 100).files.there == FilesMoved{.copied = 5, .replaced = 2, .deleted = 1}));
}

BOOST_AUTO_TEST_CASE(keeps_only_so_many_names_and_counts_all) {
  std::string text;
  for (std::size_t i = 0; i < FilesOutcome::most_moves + 5; ++i) text += "@<f+++++++++ 2 a\n";
  const Read told = read(text, true, 4096);
  BOOST_TEST(told.files.moves.size() == FilesOutcome::most_moves);
  BOOST_TEST(told.files.there.copied == FilesOutcome::most_moves + 5);
}

BOOST_AUTO_TEST_CASE(passes_over_what_it_does_not_know) {
  for (const std::string_view text :
       {"@\n", "@>f+++++++++\n", "@>f+++++++++ \n", "@>f+++++++++ 2\n", "@ 2 a\n", "@@@@@@@@@@@@ 2 a\n", "%\n",
        "1 %%\n", "99999999999999999999999999 5%\n", ">f+++++++++ 2 a\n", "\r\r\n\n"}) {
    const Read told = read(text, false, 3);
    BOOST_TEST((told.files.here == FilesMoved()), text);
  }
  const Read endless = read(std::string(1'000'000, '@'), false, 1000);
  BOOST_TEST(endless.files.moves.empty());
}

BOOST_AUTO_TEST_CASE(reads_names_as_rsync_escapes_them) {
  struct Row {
    std::string_view printed;
    std::string name;
  };
  const Row rows[] = {
      {"plain", "plain"},   {"\\#012", "\n"}, {"bad\\#377é", "bad\xffé"}, {"\\#134#012", "\\#012"}, {"\\#01", "\\#01"},
      {"\\#018", "\\#018"}, {"\\", "\\"},     {"\\#400", "\\#400"},       {"a\\#040b", "a b"},      {"", ""},
  };
  for (const Row& row : rows) BOOST_TEST(rsync_name(row.printed) == row.name, row.printed);
}

BOOST_AUTO_TEST_CASE(knows_what_an_exit_status_means) {
  constexpr std::string_view closed =
      "rsync: connection unexpectedly closed (0 bytes received so far) [Receiver]\n"
      "rsync error: error in rsync protocol data stream (code 12) at io.c(285) [Receiver=3.5.0]\n";
  constexpr std::string_view denied =
      "rsync: [sender] send_files failed to open \"/srv/sec\": Permission denied (13)\n"
      "cannot delete non-empty directory: x\n"
      "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394) [x]\n";
  constexpr std::string_view before_3_2 =
      "rsync: mkstemp \"/srv/.sec.Ab12Cd\" failed: Permission denied (13)\n"
      "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1196) [x]\n";
  constexpr std::string_view unknown =
      "what is new in it\nrsync error: some files could not be transferred (code 23) at main.c(1) [x]\n";
  constexpr std::string_view full =
      "rsync: [receiver] write failed on \"/srv/big\": No space left on device (28)\n"
      "rsync error: error in file IO (code 11) at receiver.c(657) [receiver=3.5.0]\n"
      "rsync: [sender] write error: Broken pipe (32)\n";
  // Also as rsync 3.5.0 said it: of an ssh that ends at once, of one that says nothing, of one that is another program.
  constexpr std::string_view ended =
      "rsync: connection unexpectedly closed (0 bytes received so far) [sender]\n"
      "rsync error: error in rsync protocol data stream (code 12) at io.c(285) [sender=3.5.0]\n";
  constexpr std::string_view silent =
      "[sender] io timeout after 1 seconds -- exiting\n"
      "rsync error: timeout in data send/receive (code 30) at io.c(248) [sender=3.5.0]\n";
  constexpr std::string_view noise =
      "protocol version mismatch -- is your shell clean?\n"
      "(see the rsync manpage for an explanation)\n"
      "rsync error: protocol incompatibility (code 2) at compat.c(625) [Receiver=3.5.0]\n";
  constexpr std::string_view in_the_way =
      "could not make way for new regular file: sub\n"
      "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394) "
      "[sender=3.5.0]\n";
  struct Row {
    int status;
    std::string_view errors;
    Ending ending;
    std::string words;
    std::size_t troubles = 0;
  };
  const Row rows[] = {
      {0, "", Ending::complete, ""},
      {0, "Warning: Permanently added\n", Ending::complete, ""},
      {24, "file has vanished: \"/srv/a\"\n", Ending::complete, ""},
      {23, denied, Ending::partial, "send_files failed to open \"/srv/sec\": Permission denied (13)", 2},
      {23, before_3_2, Ending::partial, "mkstemp \"/srv/.sec.Ab12Cd\" failed: Permission denied (13)", 1},
      {23, "ERROR: a failed verification -- update discarded.\n", Ending::partial,
       "ERROR: a failed verification -- update discarded.", 1},
      {23, unknown, Ending::partial, "rsync error: some files could not be transferred (code 23) at main.c(1) [x]", 1},
      {11, full, Ending::failed, "write failed on \"/srv/big\": No space left on device (28)"},
      {12, full, Ending::failed, "write failed on \"/srv/big\": No space left on device (28)"},
      {12, closed, Ending::offline,
       "rsync error: error in rsync protocol data stream (code 12) at io.c(285) "
       "[Receiver=3.5.0]"},
      {30, "rsync error: timeout in data send/receive (code 30) at io.c(200)\n", Ending::offline,
       "rsync error: timeout in data send/receive (code 30) at io.c(200)"},
      {25, "Deletions stopped due to --max-delete limit (4 skipped)\n", Ending::refused,
       "Deletions stopped due to --max-delete limit (4 skipped)"},
      {1, "rsync: --outbuf=L: unknown option\n", Ending::misfit, "--outbuf=L: unknown option"},
      {2, "protocol version mismatch -- is your shell clean?\n", Ending::misfit,
       "protocol version mismatch -- is your shell clean?"},
      {12, ended, Ending::offline,
       "rsync error: error in rsync protocol data stream (code 12) at io.c(285) [sender=3.5.0]"},
      {30, silent, Ending::offline, "rsync error: timeout in data send/receive (code 30) at io.c(248) [sender=3.5.0]"},
      {2, noise, Ending::misfit, "rsync error: protocol incompatibility (code 2) at compat.c(625) [Receiver=3.5.0]"},
      {23, in_the_way, Ending::partial, "could not make way for new regular file: sub", 1},
      {143, "", Ending::failed, ""},
  };
  for (const Row& row : rows) {
    const CopyResult result = rsync_result(row.status, row.errors, {});
    BOOST_TEST((result.ending == row.ending), row.status);
    BOOST_TEST(result.words == row.words);
    BOOST_TEST(result.files.troubles.size() == row.troubles);
  }
  BOOST_TEST(ssh_failed(255));
  BOOST_TEST(!ssh_failed(12));
}

BOOST_AUTO_TEST_SUITE_END()
