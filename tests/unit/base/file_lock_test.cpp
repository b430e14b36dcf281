#include "base/file_lock.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using std::chrono::milliseconds;
namespace fs = std::filesystem;

namespace {

struct LockFixture {
  test::TemporaryFolder folder;
  [[nodiscard]] fs::path at(const fs::path& name) const { return folder.path() / name; }
  [[nodiscard]] std::optional<FileLock> acquire(const std::string& owner) const {
    return FileLock::acquire(at("lock"), owner, milliseconds(0));
  }
  /// A process that ends while it holds the lock.
  void die_with_it() const {
    const pid_t child = fork();
    if (child == 0) {
      const auto lock = acquire("dying");
      _exit(lock ? 0 : 1);
    }
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_REQUIRE(status == 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(file_lock, LockFixture)

BOOST_AUTO_TEST_CASE(lets_only_one_hold_a_lock) {
  const auto first = FileLock::acquire(at("lock"), "sync-pull, process 1", milliseconds(0));
  BOOST_TEST(first.has_value());
  const auto second = FileLock::acquire(at("lock"), "second", milliseconds(0));
  BOOST_TEST(!second.has_value());
  BOOST_TEST(FileLock::owner(at("lock")) == "sync-pull, process 1");
}

BOOST_AUTO_TEST_CASE(gives_up_on_a_lock_when_the_wait_is_over) {
  const auto first = FileLock::acquire(at("lock"), "first", milliseconds(0));
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(!FileLock::acquire(at("lock"), "second", milliseconds(60)).has_value());
  BOOST_TEST((std::chrono::steady_clock::now() - begin >= milliseconds(60)));
}

BOOST_AUTO_TEST_CASE(releases_a_lock_and_keeps_its_file) {
  FileLock::acquire(at("lock"), "first, with a longer line", milliseconds(0)).reset();
  BOOST_TEST(fs::exists(at("lock")));
  const auto second = FileLock::acquire(at("lock"), "second", milliseconds(0));
  BOOST_TEST(second.has_value());
  BOOST_TEST(FileLock::owner(at("lock")) == "second");
  struct stat found {};
  BOOST_REQUIRE(lstat(at("lock").c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 07777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(gets_a_lock_as_soon_as_it_is_free) {
  auto first = FileLock::acquire(at("lock"), "first", milliseconds(0));
  std::optional<FileLock> second;
  std::thread waiting([&] { second = FileLock::acquire(at("lock"), "second", std::chrono::seconds(30)); });
  first.reset();
  waiting.join();
  BOOST_TEST(second.has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_lock_behind_a_symbolic_link) {
  folder.write("precious", "content");
  fs::create_symlink("precious", at("lock"));
  BOOST_CHECK_THROW(FileLock::acquire(at("lock"), "owner", milliseconds(0)), Error);
  BOOST_TEST(read_file(at("precious")).value() == "content");
}

BOOST_AUTO_TEST_CASE(tells_the_owner_of_a_lock_without_control_characters) {
  BOOST_TEST(FileLock::owner(folder.write("lock", "\x1b[2Jroot\nmore")) == "[2Jroot");
  BOOST_TEST(FileLock::owner(at("missing")) == "");
}

BOOST_AUTO_TEST_CASE(a_request_to_stop_ends_the_wait) {
  const auto first = acquire("first");
  const Interrupt interrupt;
  interrupt.request();
  BOOST_CHECK_EXCEPTION(FileLock::acquire(at("lock"), "second", std::chrono::minutes(5), &interrupt), Error,
                        [](const Error& error) { return error.kind() == ErrorKind::interrupted; });
}

BOOST_AUTO_TEST_CASE(tells_since_when_an_owner_that_died_had_it_until_all_is_settled) {
  BOOST_TEST(!acquire("first")->abandoned().has_value());
  BOOST_TEST(!acquire("second")->abandoned().has_value());
  die_with_it();
  BOOST_TEST(FileLock::owner(at("lock")) == "dying");
  const std::optional<FileTime> since = acquire("third")->abandoned();
  BOOST_REQUIRE(since.has_value());
  BOOST_TEST((std::chrono::system_clock::now() - *since < std::chrono::minutes(1)));
  die_with_it();
  BOOST_TEST((acquire("fourth")->abandoned() == since));
  auto last = acquire("fifth");
  last->settle();
  BOOST_TEST(!last->abandoned().has_value());
  last.reset();
  BOOST_TEST(FileLock::owner(at("lock")) == "");
  BOOST_TEST(!acquire("sixth")->abandoned().has_value());
}

BOOST_AUTO_TEST_CASE(an_owner_can_leave_a_disorder_to_the_next_one) {
  acquire("first")->abandon();
  auto second = acquire("second");
  BOOST_TEST(second->abandoned().has_value());
  second->settle();
  second.reset();
  BOOST_TEST(!acquire("third")->abandoned().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
