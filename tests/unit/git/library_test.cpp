#include "git/library.hpp"

#include <cstddef>
#include <fstream>
#include <string>

#include <git2.h>

#include <boost/test/unit_test.hpp>

namespace syncmanager::git {

namespace {

/// How many bytes this process has read by now (proc(5)).
std::size_t bytes_read() {
  std::ifstream counters("/proc/self/io");
  std::string name;
  std::size_t count = 0;
  counters >> name >> count;
  BOOST_REQUIRE_EQUAL(name, "rchar:");
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(library)

BOOST_AUTO_TEST_CASE(does_not_read_the_certificates_of_all_authorities) {
  const std::size_t before = bytes_read();
  const Library started;
  constexpr std::size_t little = 32 * 1024;  // the certificates are 200 KiB
  BOOST_TEST(bytes_read() - before < little);
  BOOST_TEST(git_libgit2_init() == 2, "it had been started before");
  git_libgit2_shutdown();
}

BOOST_AUTO_TEST_CASE(leaves_no_words_for_what_fails_later) {
  const Library started;
  BOOST_TEST(git_error_last() == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
