#include "sync/tries.hpp"

#include <chrono>
#include <string>

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

namespace syncmanager::sync {

namespace {

const Time noon{std::chrono::milliseconds(1'764'025'046'007)};

Tries some_tries() {
  return {{"/home/j/my notes/.git",
           {.failures = 3,
            .last = noon,
            .next = noon,
            .reason = "no route\nto host",
            .entries = {"a", "b c"},
            .told = {"x: y z"}}},
          {"", {.failures = 1, .last = noon, .next = {}, .reason = {}, .entries = {}, .told = {}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tries)

BOOST_AUTO_TEST_CASE(tries_read_as_they_were_written) {
  BOOST_TEST((parse_tries(format_tries(some_tries())) == some_tries()));
}

BOOST_AUTO_TEST_CASE(damaged_lines_are_passed_over) {
  const std::string text = format_tries(some_tries());
  BOOST_TEST((parse_tries(text + "try\nentry /x y\ntry /y many - -\n\x01\n") == some_tries()));
  BOOST_TEST(parse_tries("").empty());
  BOOST_TEST(parse_tries("something else\n" + text).empty());
  for (std::size_t size = 0; size < text.size(); ++size) parse_tries(text.substr(0, size));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_holds_none) {
  const test::TemporaryFolder folder;
  Environment environment;
  environment.state_home = folder.path();
  BOOST_TEST(read_tries(environment).empty());
  std::filesystem::create_directory(environment.state_folder());
  write_tries(some_tries(), environment);
  BOOST_TEST((read_tries(environment) == some_tries()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
