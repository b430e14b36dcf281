#include "git/git_talk.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace syncmanager::git {

namespace {

std::string text_of(const Transfer& transfer) {
  if (transfer.total_deltas > 0) {
    return "deltas " + std::to_string(transfer.deltas) + "/" + std::to_string(transfer.total_deltas);
  }
  return (transfer.sending ? "up " : "down ") + std::to_string(transfer.objects) + "/" +
         std::to_string(transfer.total_objects) + " " + std::to_string(transfer.bytes);
}

std::string parsed(std::string_view line) {
  const auto transfer = parse_transfer(line);
  return transfer ? text_of(*transfer) : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(git_talk)

BOOST_AUTO_TEST_CASE(reads_how_far_objects_have_come) {
  struct Row {
    std::string_view line;
    std::string_view transfer;
  };
  const Row rows[] = {
      {"Receiving objects:   0% (1/1000)", "down 1/1000 0"},
      {"Receiving objects:  45% (450/1000), 1.20 MiB | 800.00 KiB/s", "down 450/1000 1258291"},
      {"Receiving objects: 100% (1000/1000), 2.00 GiB | 30.50 MiB/s, done.", "down 1000/1000 2147483648"},
      {"Writing objects:  33% (1/3), 210 bytes | 210.00 KiB/s, done.", "up 1/3 210"},
      {"Writing objects: 100% (3/3), done.", "up 3/3 0"},
      {"Receiving objects:  45% (450/1000), 9999999999999999999 GiB | 1 KiB/s", "down 450/1000 0"},
      {"Receiving objects:  45% (450/1000), 1.2 MiB | 1 KiB/s", "down 450/1000 0"},
      {"Receiving objects:  45% (450/1000), 12 XiB", "down 450/1000 0"},
      {"Receiving objects:  45% (99999999999999999999999/1000)", ""},
      {"Receiving objects: 12", ""},
      {"Receiving objects: ", ""},
      {"Resolving deltas:  50% (1/2)", "deltas 1/2"},
      {"Resolving deltas: 100% (2/2), completed with 1 local object.", "deltas 2/2"},
      {"remote: Resolving deltas:  50% (1/2)", ""},
      {"Compressing objects: 100% (2/2), done.", ""},
      {"remote: Receiving objects:  45% (450/1000)", ""},
      {"", ""},
  };
  for (const Row& row : rows) BOOST_TEST(parsed(row.line) == row.transfer, row.line);
}

BOOST_AUTO_TEST_CASE(reads_them_in_pieces) {
  std::vector<std::string> seen;
  TransferReader reader([&](const Transfer& transfer) { seen.push_back(text_of(transfer)); },
                        patience_with(std::chrono::seconds(30), false));
  const std::string text =
      "remote: Counting objects: 3, done.\nReceiving objects:  33% (1/3)\rReceiving objects:  66% "
      "(2/3), 1.00 KiB | 1.00 KiB/s\rReceiving objects: 100% (3/3), 2.00 KiB | 1 KiB/s, done.\n";
  for (std::size_t at = 0; at < text.size(); at += 7) reader.feed(std::string_view(text).substr(at, 7));
  BOOST_TEST(seen == (std::vector<std::string>{"down 1/3 0", "down 2/3 1024", "down 3/3 2048"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_as_patient_as_what_git_is_at_asks_for) {
  using namespace std::chrono_literals;
  struct Row {
    std::string_view piece;
    std::chrono::seconds silence;
  };
  const Row pushing[] = {
      {"the hook tests\n", 3600s},
      {"Enumerating objects: 5, done.\nCounting obj", 600s},
      {"ects: 100% (5/5), done.\n", 600s},
      {"Writing objects:  33% (1/3)\r", 30s},
      {"remote: meanwhile\n", 30s},
      {"Writing objects: 100% (3/3), 210 bytes | 210.00 KiB/s\r", 30s},
      {"Writing objects: 100% (3/3), 210 bytes | 210.00 KiB/s, done.\n", 600s},
      {"remote: the server's hook works\n", 600s},
  };
  TransferReader reader({}, patience_with(30s, true));
  for (const Row& row : pushing) BOOST_TEST((reader.feed(row.piece) == row.silence), row.piece);
  BOOST_TEST((TransferReader({}, patience_with(30s, true)).feed("Total 0 (delta 0), reused 0\n") == 600s));

  const Row fetching[] = {
      {"remote: Counting objects: 3, done.\n", 600s},
      {"Receiving objects:  33% (1/3)\r", 30s},
      {"Receiving objects: 100% (3/3), done.\nResolving deltas:  50% (1/2)\r", 600s},
  };
  TransferReader fetch({}, patience_with(30s, false));
  for (const Row& row : fetching) BOOST_TEST((fetch.feed(row.piece) == row.silence), row.piece);

  const Patience long_timeout = patience_with(2h, true);
  for (const auto silence : {long_timeout.at_first, long_timeout.moving, long_timeout.working}) {
    BOOST_TEST((silence == 2h));
  }
}

BOOST_AUTO_TEST_CASE(the_servers_words_are_those_for_people) {
  const std::string errors =
      "Enumerating objects: 3, done.\n"
      "Writing objects: 100% (3/3), 210 bytes | 210.00 KiB/s, done.\n"
      "remote: Resolving deltas:   0% (0/1)        \rremote: Resolving deltas: 100% (1/1)        \r"
      "remote: Resolving deltas: 100% (1/1), done.        \n"
      "remote: Counting objects: 12, done.\n"
      "remote: main is closed        \n"
      "remote: see: 12 rules\n"
      "remote: \n"
      "hint: not the server's\n"
      "To https://server/x\n";
  BOOST_TEST(words_of_server(errors) == "main is closed\nsee: 12 rules\n\n");
}

BOOST_AUTO_TEST_CASE(the_same_words_come_through_the_sideband) {
  BOOST_TEST(words_in_sideband("Resolving deltas:   0% (0/1)\rResolving deltas: 100% (1/1), done.\n"
                               "main is closed\nsee: 12 rules\nwithout an end") ==
             "main is closed\nsee: 12 rules\nwithout an end\n");
  BOOST_TEST(words_in_sideband("L\xc3\xb6se Deltas auf:   0% (0/1)        \r") == "");
  BOOST_TEST(words_in_sideband("") == "");
}

BOOST_AUTO_TEST_CASE(a_long_line_of_the_server_is_shortened) {
  const std::string line(longest_server_line + 1, 'x');
  const std::string shown = std::string(longest_server_line - 3, 'x') + "...\n";
  BOOST_TEST(words_in_sideband(line + "\nnext") == shown + "next\n");
  BOOST_TEST(words_of_server("remote: " + line + "\nremote: next\n") == shown + "next\n");
}

BOOST_AUTO_TEST_CASE(does_not_listen_to_a_server_for_ever) {
  const auto talk = [](const std::string& line) {
    TransferReader reader({}, patience_with(std::chrono::seconds(30), false));
    for (std::size_t seen = 0; seen <= 2 * TransferReader::most_words; seen += line.size()) reader.feed(line);
  };
  BOOST_CHECK_THROW(talk("remote: " + std::string(1000, '.') + "\n"), Error);
  BOOST_CHECK_NO_THROW(talk("a hook that runs here: " + std::string(1000, '.') + "\n"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
