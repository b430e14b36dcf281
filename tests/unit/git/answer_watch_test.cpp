#include "git/answer_watch.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace syncmanager::git {

namespace {

std::string packet(const std::string& data) {
  return fmt::format("{:04x}{}", data.size() + 4, data);
}

const std::string refs = packet(std::string(40, 'a') + " refs/heads/main") + "0000";
const std::string pack = packet("\1PACK and much more");

/// What it throws for an answer that comes in pieces of `size` bytes and then ends, or not; empty where nothing.
std::string problem(const std::string& answer, std::size_t size, bool ends = false, const std::string& errors = {}) {
  AnswerWatch watch;
  try {
    for (std::size_t at = 0; at < answer.size(); at += size) watch.feed(std::string_view(answer).substr(at, size));
    if (ends) watch.end(errors);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(answer_watch)

BOOST_AUTO_TEST_CASE(tells_why_the_server_gives_up) {
  struct Case {
    std::string answer;
    std::string problem;
  };
  const std::vector<Case> cases = {
      {refs + pack + "0000", ""},
      {refs + packet("NAK\n") + "PACK, with no bands at all: " + packet("\3no"), ""},
      {refs + packet("") + pack + "0000", ""},
      {refs + packet("\3upload-pack: not our ref\n"), "the server says: upload-pack: not our ref"},
      {refs + packet("\2fatal: bad ob") + packet("\2ject\n") + pack + packet("\3aborting\n"),
       "the server says: fatal: bad object; aborting"},
      {refs + packet("\2Counting objects: 50% (1/2)\rCounting objects: 100% (2/2), done.\n") + packet("\3no"),
       "the server says: no"},
      {packet("ERR access denied\n"), "the server says: access denied"},
      {packet("ERR " + std::string(600, 'x')), "the server says: " + std::string(497, 'x') + "..."},
      {"Welcome!\n" + refs, "bad packet length 'Welc' in the server's answer"},
      {"PACK", "bad packet length 'PACK' in the server's answer"},
      {refs + "\x1b]0;", "bad packet length '\\x1b]0;' in the server's answer"},
      {refs + packet("\3" + std::string(60000, 'x')), "the server says: " + std::string(497, 'x') + "..."},
  };
  for (const Case& one : cases) {
    for (const std::size_t size : {1U, 5U, 100'000U}) BOOST_TEST(problem(one.answer, size) == one.problem);
  }
}

BOOST_AUTO_TEST_CASE(tells_where_an_answer_stops_short) {
  const std::string stopped = "the server stopped in the middle of its answer";
  BOOST_TEST(problem(refs + pack, 7, true) == stopped);
  BOOST_TEST(problem(refs + packet("\2out of memory\n"), 7, true) == stopped + ": out of memory");
  BOOST_TEST(problem(refs, 7, true, "Killed\nbye\n") == stopped + ": Killed; bye");
  BOOST_TEST(problem(refs + "PACK", 7, true) == "");
}

BOOST_AUTO_TEST_CASE(does_not_listen_for_ever) {
  const auto talk = [](const std::string& words) {
    AnswerWatch watch;
    for (std::size_t seen = 0; seen <= AnswerWatch::most_others; seen += 60000) watch.feed(words);
  };
  BOOST_CHECK_THROW(talk(packet("\2" + std::string(60000, '.'))), Error);
  BOOST_CHECK_NO_THROW(talk(packet("\1" + std::string(60000, '.'))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
