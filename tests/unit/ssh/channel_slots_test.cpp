#include "ssh/channel_slots.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/interrupt.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;

BOOST_AUTO_TEST_SUITE(channel_slots)

BOOST_AUTO_TEST_CASE(gives_out_no_more_places_than_there_are) {
  ChannelSlots slots;
  std::atomic<std::size_t> inside = 0;
  std::atomic<std::size_t> highest = 0;
  const auto work = [&] {
    for (int i = 0; i < 100; ++i) {
      slots.take(0, nullptr);
      const std::size_t now = ++inside;
      for (std::size_t seen = highest; seen < now && !highest.compare_exchange_weak(seen, now);) continue;
      std::this_thread::yield();
      --inside;
      slots.give_back(false);
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 12; ++i) threads.emplace_back(work);
  threads.clear();
  BOOST_TEST(highest <= most_channels);
  BOOST_TEST(inside == 0U);
}

BOOST_AUTO_TEST_CASE(learns_how_many_the_server_allows) {
  ChannelSlots slots;
  for (int i = 0; i < 4; ++i) slots.take(0, nullptr);
  BOOST_TEST(slots.limit() == most_channels);
  slots.opened();
  slots.opened();
  slots.refused();
  BOOST_TEST(slots.open() == 2U);
  BOOST_TEST(slots.limit() == 2U);
  slots.give_back(true);
  slots.give_back(true);
  slots.refused();
  BOOST_TEST(slots.open() == 0U);
  BOOST_TEST(slots.limit() == 1U);
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_ever_for_places_that_its_own_caller_may_hold) {
  ChannelSlots slots;
  for (std::size_t i = 0; i <= most_channels; ++i) slots.take(i, nullptr);
  BOOST_TEST(slots.limit() == most_channels);
}

BOOST_AUTO_TEST_CASE(stops_waiting_when_it_is_interrupted) {
  ChannelSlots slots;
  for (std::size_t i = 0; i < most_channels; ++i) slots.take(0, nullptr);
  const Interrupt interrupt;
  interrupt.request();
  BOOST_CHECK_EXCEPTION(slots.take(0, &interrupt), Error,
                        [](const Error& error) { return error.kind() == ErrorKind::interrupted; });
}

BOOST_AUTO_TEST_SUITE_END()
