#include "queue/queue.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::queue {

namespace {

namespace fs = std::filesystem;

Token token(const std::string& folder, Event event = Event::commit) {
  return {.event = event, .since = Time(std::chrono::milliseconds(1'764'025'046'007)), .git_folder = folder};
}

std::vector<std::string> names(const std::vector<Entry>& entries) {
  std::vector<std::string> all;
  for (const Entry& entry : entries) all.push_back(entry.name);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(queue)

BOOST_AUTO_TEST_CASE(what_is_added_waits_until_it_is_dropped) {
  const test::TemporaryFolder folder;
  const fs::path queue = folder.path() / "state" / "queue";
  BOOST_TEST(waiting(queue).empty());
  add(queue, token("/a/.git"));
  add(queue, token("/b/.git", Event::checkout));
  const std::vector<Entry> entries = waiting(queue);
  BOOST_REQUIRE(entries.size() == 2U);
  BOOST_TEST((entries[0].token == token("/a/.git")));
  BOOST_TEST((entries[1].token == token("/b/.git", Event::checkout)));
  flush(queue, names(entries));
  drop(queue, std::vector{entries[0].name});
  BOOST_TEST(names(waiting(queue)) == std::vector{entries[1].name}, boost::test_tools::per_element());
  drop(queue, names(entries));  // one of them is gone
  BOOST_TEST(waiting(queue).empty());
}

BOOST_AUTO_TEST_CASE(nobody_else_may_look_into_it) {
  const test::TemporaryFolder folder;
  const fs::path queue = folder.path() / "queue";
  add(queue, token("/a/.git"));
  struct stat found {};
  BOOST_REQUIRE(stat(queue.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 07777U) == 0700U);
}

BOOST_AUTO_TEST_CASE(what_a_loss_of_power_leaves_is_an_entry_that_tells_nothing) {
  const test::TemporaryFolder folder;
  std::ofstream(folder.path() / "2026-empty").flush();
  std::ofstream(folder.path() / ".half") << "commit";
  const std::vector<Entry> entries = waiting(folder.path());
  BOOST_REQUIRE(entries.size() == 1U);
  BOOST_TEST(!entries.front().token);
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_file_is_passed_over) {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path() / "folder");
  fs::create_symlink("link", folder.path() / "link");
  BOOST_REQUIRE(mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
  BOOST_TEST(waiting(folder.path()).empty());
}

BOOST_AUTO_TEST_CASE(tokens_of_many_at_once_all_arrive) {
  const test::TemporaryFolder folder;
  const fs::path queue = folder.path() / "queue";
  constexpr int hooks = 4;
  constexpr int each = 50;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < hooks; ++i) {
      threads.emplace_back([&] {
        for (int made = 0; made < each; ++made) add(queue, token("/a/.git"));
      });
    }
  }
  BOOST_TEST(waiting(queue).size() == static_cast<std::size_t>(hooks * each));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_a_link_of_somebody_elses_making_is_refused) {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path() / "elsewhere");
  fs::create_directory_symlink("/proc", folder.path() / "queue");
  BOOST_CHECK_THROW(add(folder.path() / "queue", token("/a/.git")), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::queue
