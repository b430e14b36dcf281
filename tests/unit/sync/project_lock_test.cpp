#include "sync/project_lock.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

using std::chrono::milliseconds;

struct Fixture {
  test::TemporaryFolder folder;
  Environment environment;
  std::filesystem::path photos = "/home/jane/photos";

  Fixture() { environment.state_home = folder.path(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(project_lock)

BOOST_FIXTURE_TEST_CASE(is_had_by_one_at_a_time, Fixture) {
  auto first = lock_project(environment, photos, milliseconds(0), nullptr);
  BOOST_TEST(first.has_value());
  BOOST_TEST(!lock_project(environment, photos, milliseconds(0), nullptr));
  BOOST_TEST(lock_project(environment, "/home/jane/music", milliseconds(0), nullptr).has_value());
  first.reset();
  BOOST_TEST(lock_project(environment, photos, milliseconds(0), nullptr).has_value());
}

BOOST_FIXTURE_TEST_CASE(threads_of_one_run_wait_for_each_other_however_long_that_takes, Fixture) {
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int times = 0; times < 200; ++times) {
          if (!lock_project(environment, photos, milliseconds(1), nullptr)) ++refused;
        }
      });
    }
  }
  BOOST_TEST(refused == 0);
}

BOOST_FIXTURE_TEST_CASE(one_without_a_name_is_not_waited_for_for_ever, Fixture) {
  // As where a child of somebody's that has ended still has it.
  make_private_folder(lock_path(environment, photos).parent_path());
  const auto held = FileLock::acquire(lock_path(environment, photos), "", milliseconds(0));
  BOOST_TEST(held.has_value());
  BOOST_TEST(!lock_project(environment, photos, milliseconds(1), nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
