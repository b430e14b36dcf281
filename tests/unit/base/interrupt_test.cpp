#include "base/interrupt.hpp"

#include <csignal>

#include <poll.h>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"

using namespace syncmanager;

namespace {

const Interrupt* of_this_test = nullptr;

bool readable(const Interrupt& interrupt) {
  pollfd polled{fd_of(&interrupt), POLLIN, 0};
  return poll(&polled, 1, 0) == 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interrupt)

BOOST_AUTO_TEST_CASE(stays_requested_once_it_is) {
  const Interrupt interrupt;
  BOOST_TEST(!interrupt.requested());
  BOOST_TEST(!readable(interrupt));
  BOOST_CHECK_NO_THROW(stop_if(&interrupt));
  interrupt.request();
  interrupt.request();
  for (int look = 0; look < 2; ++look) {
    BOOST_TEST(interrupt.requested());
    BOOST_TEST(readable(interrupt));
    BOOST_CHECK_EXCEPTION(stop_if(&interrupt), Error,
                          [](const Error& error) { return error.kind() == ErrorKind::interrupted; });
  }
}

BOOST_AUTO_TEST_CASE(can_be_requested_by_a_signal_handler) {
  const Interrupt interrupt;
  of_this_test = &interrupt;
  auto* const before = std::signal(SIGUSR1, [](int) { of_this_test->request(); });
  std::raise(SIGUSR1);
  std::signal(SIGUSR1, before);
  BOOST_TEST(interrupt.requested());
}

BOOST_AUTO_TEST_CASE(none_never_stops_anything) {
  BOOST_CHECK_NO_THROW(stop_if(nullptr));
  BOOST_TEST(fd_of(nullptr) == -1);
}

BOOST_AUTO_TEST_SUITE_END()
