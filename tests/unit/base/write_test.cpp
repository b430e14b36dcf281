#include "base/write.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.hpp"

using namespace syncmanager;

BOOST_AUTO_TEST_SUITE(writing)

BOOST_AUTO_TEST_CASE(writes_all_of_it_to_a_pipe_that_does_not_block) {
  std::array<int, 2> ends{};
  BOOST_TEST_REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  fcntl(write_end.get(), F_SETFL, O_NONBLOCK);
  const std::string text(1'000'000, 'x');
  bool written = false;
  std::jthread writer([&] {
    written = write_all(write_end.get(), text);
    write_end.reset();
  });
  std::string got;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::read(read_end.get(), buffer.data(), buffer.size())) > 0;) {
    got.append(buffer.data(), static_cast<std::size_t>(count));
  }
  writer.join();
  BOOST_TEST(written);
  BOOST_TEST((got == text));
}

BOOST_AUTO_TEST_CASE(says_why_where_it_can_not) {
  const Fd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  BOOST_TEST_REQUIRE(full.get() >= 0);
  BOOST_TEST(!write_all(full.get(), "x"));
  BOOST_TEST(errno == ENOSPC);
}

BOOST_AUTO_TEST_SUITE_END()
