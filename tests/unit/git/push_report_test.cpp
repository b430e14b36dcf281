#include "git/push_report.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"

namespace syncmanager::git {

namespace {

PushReport read(const std::string& text, bool bands, std::size_t piece) {
  PushReport report(bands);
  for (std::size_t at = 0; at < text.size(); at += piece) report.feed(std::string_view(text).substr(at, piece));
  return report;
}

std::string band(char number, const std::string& content) {
  return packet(number + content);
}

std::string end() {
  return std::string(flush_packet);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(push_report)

BOOST_AUTO_TEST_CASE(reads_what_became_of_each_ref) {
  const std::string report = packet("unpack ok\n") + packet("ok refs/heads/main\n") +
                             packet("ng refs/heads/x hook declined\n") + packet("ng refs/heads/y\n") + end();
  for (const bool bands : {false, true}) {
    for (const std::size_t piece : {1U, 7U, 10'000U}) {
      const PushReport seen = read(bands ? band(1, report) + end() : report, bands, piece);
      BOOST_TEST(seen.over() == bands);
      BOOST_TEST(seen.unpack_problem().empty());
      BOOST_TEST(seen.refs().size() == 3U);
      BOOST_TEST(seen.refs().at("refs/heads/main").empty());
      BOOST_TEST(seen.refs().at("refs/heads/x") == "hook declined");
      BOOST_TEST(seen.refs().at("refs/heads/y") == "it does not say why");
    }
  }
}

BOOST_AUTO_TEST_CASE(keeps_the_words_of_hooks_that_run_before_and_after) {
  const std::string text = band(2, "before\n") + packet("\1") +
                           band(1, packet("unpack ok\n") + packet("ok refs/heads/main\n") + end()) + band(2, "af") +
                           band(2, "ter\n");
  PushReport seen = read(text, true, 5);
  BOOST_TEST(!seen.over());
  seen.feed(end());
  BOOST_TEST(seen.over());
  BOOST_TEST(seen.words() == "before\nafter\n");
  BOOST_TEST(seen.last_words().empty());
}

BOOST_AUTO_TEST_CASE(a_report_in_several_packets_is_one) {
  const std::string report = packet("unpack ok\n") + packet("ok refs/heads/main\n") + end();
  std::string text;
  for (const char byte : report) text += band(1, std::string(1, byte));
  BOOST_TEST(read(text + end(), true, 3).refs().contains("refs/heads/main"));
}

BOOST_AUTO_TEST_CASE(tells_why_the_objects_were_not_taken) {
  const PushReport seen =
      read(packet("unpack index-pack abnormal exit\n") + packet("ng refs/heads/main unpacker error\n"), false, 100);
  BOOST_TEST(seen.unpack_problem() == "index-pack abnormal exit");
  BOOST_TEST(seen.refs().at("refs/heads/main") == "unpacker error");
}

BOOST_AUTO_TEST_CASE(the_servers_last_words_end_it) {
  const PushReport seen = read(band(3, "the disk is full\n") + "anything", true, 4);
  BOOST_TEST(seen.over());
  BOOST_TEST(seen.last_words() == "the disk is full\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_refused) {
  for (const std::string& text : {std::string("Welcome"), packet("hello"), packet("ok")}) {
    BOOST_CHECK_THROW(read(text, false, 100), Error);
  }
  for (const std::string& text : {std::string("Welcome"), band(4, "x"), band(1, "Welcome"), band(1, packet("x"))}) {
    BOOST_CHECK_THROW(read(text, true, 100), Error);
  }
}

BOOST_AUTO_TEST_CASE(words_without_an_end_are_not_all_kept) {
  PushReport seen(true);
  const std::string piece = band(2, std::string(60'000, 'x'));
  for (int i = 0; i < 100; ++i) seen.feed(piece);
  BOOST_TEST(seen.words().size() < 200'000U);
  const auto feed_all = [&] {
    for (int i = 0; i < 10'000; ++i) seen.feed(piece);
  };
  BOOST_CHECK_THROW(feed_all(), Error);
}

BOOST_AUTO_TEST_CASE(tells_a_lost_race_from_a_refusal) {
  const std::string start = "error: cannot lock ref 'refs/heads/a': ";
  for (const std::string why : {"is at 8f0c but expected 51a2", "reference already exists",
                                "'refs/heads/a/b' exists; cannot create 'refs/heads/a'", "Unable to create 'x.lock'"}) {
    BOOST_TEST_CONTEXT(why) {
      BOOST_TEST(tells_of_a_lost_race(start + why, "refs/heads/a"));
      BOOST_TEST(!tells_of_a_lost_race(start + why, "refs/heads/b"));
    }
  }
  BOOST_TEST(!tells_of_a_lost_race("error: hook declined to update refs/heads/a", "refs/heads/a"));
  BOOST_TEST(!tells_of_a_lost_race(start + "No space left on device", "refs/heads/a"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
