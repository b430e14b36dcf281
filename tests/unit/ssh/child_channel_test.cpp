#include "ssh/child_channel.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include <unistd.h>

#include "base/environment.hpp"
#include "support/unseen_end.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;

BOOST_AUTO_TEST_SUITE(child_channel)

BOOST_AUTO_TEST_CASE(takes_the_last_words_of_a_child_that_ends_between_two_looks_at_its_pipes) {
  const Environment environment = Environment::of_process(environ);
  ChildSetup setup;
  setup.environment = environment.variables;
  setup.name = "server";
  const test::UnseenEnd unseen_end;
  // More errors than are read at once.
  const std::string script = test::UnseenEnd::script("echo out; printf %20000s x >&2; exit 3");
  const std::unique_ptr<Channel> channel = start_child(setup, {"sh", "-c", script});
  BOOST_TEST(read_all(*channel) == "out\n");
  BOOST_TEST(channel->wait() == 3);
  BOOST_TEST(channel->errors().size() == 20'000U);
}

BOOST_AUTO_TEST_SUITE_END()
