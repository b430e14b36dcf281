#include "git/advertisement.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace syncmanager::git {

namespace {

using State = Listing::State;
using namespace std::string_literals;

const std::string a(40, 'a');
const std::string b(40, 'b');
const std::string zero(40, '0');

struct Read {
  bool over = false;
  Listing listing;
};

/// Feeds pieces of `size` bytes.
Read read(const std::string& text, std::size_t size) {
  AdvertisementReader reader;
  for (std::size_t at = 0; at < text.size() && !reader.over(); at += size) {
    reader.feed(std::string_view(text).substr(at, size));
  }
  return {reader.over(), reader.take()};
}

/// What is wrong with a first packet and others behind it; empty where nothing is.
std::string problem(const std::string& text) {
  const Read whole = read(text, text.size());
  BOOST_TEST(whole.over);
  BOOST_TEST(read(text, 1).listing.problem == whole.listing.problem);
  BOOST_TEST((whole.listing.state == (whole.listing.problem.empty() ? State::found : State::failed)));
  BOOST_TEST(whole.listing.branches.empty());
  return whole.listing.problem;
}

const std::string first = packet(a + " HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/2.39\n"s);

}  // namespace

BOOST_AUTO_TEST_SUITE(advertisement)

BOOST_AUTO_TEST_CASE(reads_branches_tags_and_the_default_branch) {
  const std::string text = first + packet(a + " refs/heads/main\n") + packet(b + " refs/heads/x/y") +
                           packet(a + " refs/pull/1/head\n") + packet(b + " refs/tags/v1\n") +
                           packet(a + " refs/tags/v1^{}\n") + packet("shallow " + b + '\n') + "0000";
  for (const std::size_t size : {1U, 7U, 1000U}) {
    const Read seen = read(text, size);
    BOOST_TEST(seen.over);
    BOOST_TEST((seen.listing.state == State::found));
    BOOST_TEST(seen.listing.head == "main");
    BOOST_TEST(seen.listing.branches.size() == 2U);
    BOOST_TEST(seen.listing.branches.at("main").hex() == a);
    BOOST_TEST(seen.listing.branches.at("x/y").hex() == b);
    BOOST_TEST(seen.listing.tags.size() == 1U);
    BOOST_TEST(seen.listing.tags.at("v1").hex() == b);
  }
  BOOST_TEST(!read(text.substr(0, text.size() - 1), 100).over);
}

BOOST_AUTO_TEST_CASE(a_nul_is_part_of_no_name) {
  const std::string said = problem(first + packet(a + " refs/heads/main\0x\n"s));
  BOOST_TEST(said.starts_with("the server's answer has an unexpected line: " + a + " refs/heads/main\\x00x"));
}

BOOST_AUTO_TEST_CASE(the_first_ref_need_not_be_head) {
  const Read seen = read(packet(a + " refs/heads/main\0ofs-delta\n"s) + "0000", 100);
  BOOST_TEST((seen.listing.state == State::found));
  BOOST_TEST(seen.listing.head == "");
  BOOST_TEST(seen.listing.branches.at("main").hex() == a);
}

BOOST_AUTO_TEST_CASE(an_empty_repository_has_no_refs) {
  for (const std::string& text : {packet(zero + " capabilities^{}\0ofs-delta\n"s) + "0000", "0000"s}) {
    const Read seen = read(text, 100);
    BOOST_TEST(seen.over);
    BOOST_TEST((seen.listing.state == State::found));
    BOOST_TEST(seen.listing.branches.empty());
  }
}

BOOST_AUTO_TEST_CASE(reads_the_longer_names_of_sha256) {
  const std::string tip(64, 'c');
  const Read seen = read(packet(tip + " refs/heads/main\0object-format=sha256\n"s) + "0000", 100);
  BOOST_TEST((seen.listing.state == State::found));
  BOOST_TEST(seen.listing.branches.at("main").hex() == tip);
}

BOOST_AUTO_TEST_CASE(passes_on_what_the_server_says) {
  BOOST_TEST(problem(packet("ERR access denied\n")) == "the server says: access denied");
  BOOST_TEST(problem(first + packet("ERR gone")) == "the server says: gone");
}

BOOST_AUTO_TEST_CASE(refuses_nonsense) {
  const std::string unexpected = "the server's answer has an unexpected line: ";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {packet("version 1\n") + first, unexpected + "version 1"},
      {packet(a + " HEAD\n"), unexpected + a + " HEAD"},
      {packet("\0"s), unexpected},
      {packet(a + "\0x"s), unexpected + a},
      {packet(a.substr(1) + " HEAD\0x"s), unexpected + a.substr(1) + " HEAD"},
      {packet(zero + " HEAD\0x"s), unexpected + zero + " HEAD"},
      {packet(a + " HEAD\0object-format=sha256"s), unexpected + a + " HEAD"},
      {packet(a + " HEAD\0object-format=md5"s), unexpected + "object-format=md5"},
      {packet(zero + " capabilities^{}\0x"s) + packet(a + " refs/heads/main"), unexpected + a + " refs/heads/main"},
      {packet(a + " refs/heads/x\0object-format=md5"s), unexpected + "object-format=md5"},
      {first + packet(a + " refs/heads/x") + packet("x"), unexpected + "x"},
      {first + packet(a + "xrefs/heads/x"), unexpected + a + "xrefs/heads/x"},
      {first + packet(a + " "), unexpected + a + ' '},
      {first + packet("\x1b[31m"), unexpected + "\\x1b[31m"},
      {first + packet("shallow x"), unexpected + "shallow x"},
      {first + "0004", unexpected},
  };
  for (const auto& [text, words] : rows) BOOST_TEST(problem(text) == words);
  for (const std::string length : {"Welc", "0001", "0002", "0003", "fff1", "00g0", "-004", " 004", "0x10"}) {
    BOOST_TEST(problem(length + "ome to the server").starts_with("bad packet length '" + length + "'"));
    BOOST_TEST(problem(first + length).starts_with("bad packet length '" + length + "'"));
  }
}

BOOST_AUTO_TEST_CASE(an_endless_list_ends_somewhere) {
  AdvertisementReader reader;
  reader.feed(first);
  const std::string more = packet(a + " refs/pull/1\n");
  std::string many;
  while (many.size() < 1'000'000) many += more;
  for (int times = 0; times < 300 && !reader.over(); ++times) reader.feed(many);
  BOOST_TEST(reader.over());
  BOOST_TEST((reader.take().state == State::failed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
