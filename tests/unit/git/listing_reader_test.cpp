#include "git/listing_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace syncmanager::git {

namespace {

const std::string oid_a(40, 'a');
const std::string oid_b(40, 'b');
const std::string greeting = "syncmanager listing 2\n";
const std::string first_part = greeting +
                               "\t/a.git\tmissing\tuncertain\t/b.git\n"
                               "/a.git/refs/heads/main:" +
                               oid_a +
                               "\n/a.git/HEAD:ref: refs/heads/main\n"
                               "/b.git/refs/heads/main:ref: refs/heads/x\n/b.git/HEAD:ref: refs/heads/main\nloose 0\n"
                               "/a.git/packed-refs:" +
                               oid_b + " refs/tags/v1\npacked 0\n";

using State = Listing::State;

struct Reading {
  std::map<std::size_t, Listing> answers;
  ListingReader reader;

  explicit Reading(std::size_t repositories)
      : reader(repositories, [this](std::size_t place, Listing&& listing) { answers[place] = std::move(listing); }) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  void feed(const std::string& text, std::size_t piece = 7) {
    for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(std::string_view(text).substr(at, piece));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(listing_reader)

BOOST_AUTO_TEST_CASE(passes_over_what_comes_before_the_greeting) {
  Reading reading(4);
  reading.feed("welcome to the server\nbye\n");
  BOOST_TEST(!reading.reader.greeted());
  reading.feed(first_part);
  BOOST_TEST(reading.reader.greeted());
  BOOST_TEST(reading.reader.glimpsed());
  BOOST_TEST(!reading.reader.complete());
}

BOOST_AUTO_TEST_CASE(finds_the_greeting_behind_a_welcome_whose_line_does_not_end) {
  Reading reading(4);
  reading.feed("\x1b]0;server\x07" + first_part);
  BOOST_TEST(reading.reader.glimpsed());
}

BOOST_AUTO_TEST_CASE(gives_a_glimpse_of_what_is_clear) {
  Reading reading(4);
  reading.feed(first_part);
  const auto found = reading.reader.glimpse(0);
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST((found->state == State::found));
  BOOST_TEST(found->head == "main");
  BOOST_TEST(found->branches.at("main").hex() == oid_a);
  BOOST_TEST(found->tags.at("v1").hex() == oid_b);
  BOOST_TEST((reading.reader.glimpse(1)->state == State::missing));
  BOOST_TEST((reading.reader.glimpse(2)->state == State::uncertain));
  BOOST_TEST(!reading.reader.glimpse(3).has_value());
  BOOST_TEST(reading.answers.empty());
}

BOOST_AUTO_TEST_CASE(reads_the_answers_to_its_questions_as_they_come) {
  Reading reading(4);
  reading.feed(first_part);
  BOOST_TEST(reading.reader.ask(0) == "0\n");
  BOOST_TEST(reading.reader.ask(3) == "3\n");
  reading.feed("repository 0 ref: refs/heads/main\n" + oid_a + " refs/heads/main\n" + oid_b + " refs/heads/topic/x\n" +
               oid_b + " refs/tags/v1\n" + oid_a + " refs/sync/laptop/heads/x\nend 0\nrepository 3 ");
  const Listing& found = reading.answers.at(0);
  BOOST_TEST((found.state == State::found));
  BOOST_TEST(found.head == "main");
  BOOST_TEST(found.branches.at("main").hex() == oid_a);
  BOOST_TEST(found.branches.at("topic/x").hex() == oid_b);
  BOOST_TEST(found.tags.at("v1").hex() == oid_b);
  BOOST_TEST(found.parked.at("laptop/heads/x").hex() == oid_a);
  reading.feed(oid_a + "\nend 0\n");
  BOOST_TEST(reading.answers.at(3).head == "");
  BOOST_TEST(reading.answers.at(3).branches.empty());
  BOOST_TEST(!reading.reader.complete());
  reading.feed("bye\n");
  BOOST_TEST(reading.reader.complete());
}

BOOST_AUTO_TEST_CASE(a_repository_with_a_warning_has_failed_and_the_next_one_is_read) {
  Reading reading(4);
  reading.feed(first_part);
  for (const std::size_t place : {0U, 3U}) static_cast<void>(reading.reader.ask(place));
  reading.feed("repository 0 ref: refs/heads/main\n" + oid_a +
               " refs/heads/main\nwarning: ignoring broken ref refs/heads/x\nend 0\nrepository 3 \n" + oid_a +
               " refs/heads/main\nend 0\nbye\n");
  BOOST_TEST((reading.answers.at(0).state == State::failed));
  BOOST_TEST(reading.answers.at(0).problem == "warning: ignoring broken ref refs/heads/x");
  BOOST_TEST((reading.answers.at(3).state == State::found));
  BOOST_TEST(reading.answers.at(3).problem == "");
}

BOOST_AUTO_TEST_CASE(refuses_an_answer_that_breaks_the_form) {
  struct Row {
    std::string first;
    std::string answers;
  };
  const std::vector<Row> rows = {
      {greeting + "\t/a.git\tmissing\n", ""},                                // fewer than asked
      {greeting + "\t/a.git\tmissing\tuncertain\t/b.git\tmissing\n", ""},    // more
      {greeting + "\t/a.git\tmissing\tuncertain\tnonsense\n", ""},           // a folder is a path
      {greeting + "bye\n", ""},                                              //
      {first_part + "repository 0 \n", ""},                                  // nobody has asked yet
      {first_part, "bye\n"},                                                 // one is missing
      {first_part, "repository 3 \n"},                                       // not that one
      {first_part, "repository 00 \n"},                                      //
      {first_part, "nonsense\n"},                                            //
      {first_part, "repository 0 \nend 0\nrepository 3 \nend 0\n"},          // one too many
      {first_part, "repository 0 \nend 0\n" + std::string(2'000'000, 'x')},  // without an end
      {greeting + std::string(2'000'000, '\t'), ""},                         //
  };
  for (const Row& row : rows) {
    Reading reading(4);
    const auto feed = [&] {
      reading.feed(row.first, 1000);
      static_cast<void>(reading.reader.ask(0));
      reading.feed(row.answers, 1000);
    };
    BOOST_CHECK_THROW(feed(), Error);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_about_one_repository_ends_somewhere) {
  Reading reading(4);
  reading.feed(first_part);
  static_cast<void>(reading.reader.ask(0));
  reading.feed("repository 0 \n");
  const std::string same(100'000, 'x');
  const auto feed = [&] {
    for (int i = 0; i < 3000; ++i) reading.reader.feed(same + '\n');
  };
  BOOST_CHECK_THROW(feed(), Error);
}

BOOST_AUTO_TEST_CASE(an_empty_repository_tells_what_names_its_objects_have) {
  for (const std::string format : {"", "format sha256\n"}) {
    Reading reading(4);
    reading.feed(first_part);
    static_cast<void>(reading.reader.ask(0));
    reading.feed("repository 0 ref: refs/heads/main\n" + format + "end 0\nbye\n");
    BOOST_TEST((reading.answers.at(0).state == State::found));
    BOOST_TEST(reading.answers.at(0).sha256 == !format.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_comes_before_the_answers_ends_somewhere) {
  const std::string places = greeting + "\t/a.git\tmissing\tuncertain\t/b.git\n";
  for (const std::string& begin : {std::string(), places, places + "loose 0\n"}) {
    Reading reading(4);
    reading.feed(begin);
    const std::string same(1'000'000, 'x');
    const auto feed = [&] {
      for (int i = 0; i < 600; ++i) reading.reader.feed(same + '\n');
    };
    BOOST_CHECK_THROW(feed(), Error);
  }
}

BOOST_AUTO_TEST_CASE(a_nul_is_part_of_no_name) {
  Reading reading(4);
  reading.feed(first_part);
  static_cast<void>(reading.reader.ask(0));
  reading.feed("repository 0 \n" + oid_a + " refs/heads/main" + std::string(1, '\0') + "x\nend 0\n");
  BOOST_TEST((reading.answers.at(0).state == State::failed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
