#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "folder/root.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using namespace syncmanager::folder;

namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(root)

BOOST_AUTO_TEST_CASE(tells_what_stands_at_a_root) {
  const test::TemporaryFolder temporary;
  const fs::path& here = temporary.path();
  fs::create_directories(here / "empty");
  fs::create_directories(here / "ours" / temporary_folder);
  fs::create_directories(here / "ours" / partial_folder);
  test::Computer::write(here / "filled" / "file", "x");
  fs::create_directory_symlink("filled", here / "link");
  fs::create_symlink("nowhere", here / "dangling");
  struct Row {
    fs::path path;
    Root root;
  };
  const Row rows[] = {
      {here / "missing", Root::missing},    {here / "missing" / "below", Root::missing},
      {here / "empty", Root::empty},        {here / "ours", Root::empty},
      {here / "filled", Root::filled},      {here / "link", Root::filled},
      {here / "dangling", Root::no_folder}, {here / "filled" / "file", Root::no_folder},
      {here / "empty" / "", Root::empty},
  };
  for (const Row& row : rows) {
    const Seen seen = look_at_root(row.path);
    BOOST_TEST((seen.root == row.root), row.path);
    BOOST_TEST(seen.path == row.path.string());
  }
  BOOST_TEST(look_at_root(here / "ours").has_temporary);
  BOOST_TEST(!look_at_root(here / "filled").has_temporary);
}

BOOST_AUTO_TEST_CASE(a_folder_that_may_not_be_read_is_not_taken_for_an_empty_one) {
  if (geteuid() == 0) return;  // root may read everything
  const test::TemporaryFolder temporary;
  const fs::path closed = temporary.path() / "closed";
  fs::create_directory(closed);
  chmod(closed.c_str(), 0);
  BOOST_TEST((look_at_root(closed).root == Root::closed));
  BOOST_TEST((look_at_root(closed / "below").root == Root::closed));
  chmod(closed.c_str(), 0700);
}

BOOST_AUTO_TEST_CASE(makes_ready_what_files_shall_come_to_and_removes_what_has_expired) {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "a" / "b";
  prepare_root(folder, {.make_root = true, .make_temporary = true, .clear_temporary = false, .expired = {}});
  BOOST_TEST(fs::is_directory(folder / temporary_folder));
  test::Computer::write(folder / backup_folder / "old" / "file", "x");
  test::Computer::write(folder / backup_folder / "new" / "file", "x");
  prepare_root(folder, {.make_root = false, .make_temporary = false, .clear_temporary = false, .expired = {"old"}});
  const Seen seen = look_at_root(folder);
  BOOST_TEST((seen.root == Root::empty));
  BOOST_TEST(fs::exists(folder / backup_folder / "new" / "file"));
  BOOST_TEST(!fs::exists(folder / backup_folder / "old"));
}

BOOST_AUTO_TEST_CASE(clears_away_what_no_run_will_finish) {
  const test::TemporaryFolder temporary;
  const fs::path old = temporary.path() / temporary_folder / ".big.Ab12Cd";
  const fs::path young = temporary.path() / temporary_folder / ".big.Ef34Gh";
  for (const fs::path& file : {old, young}) test::Computer::write(file, "x");
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(50));
  prepare_root(temporary.path(), {.make_root = false, .make_temporary = false, .clear_temporary = true, .expired = {}});
  BOOST_TEST(!fs::exists(old));
  BOOST_TEST(fs::exists(young));
}

BOOST_AUTO_TEST_CASE(names_backups_by_their_time_and_lets_only_those_expire) {
  const Time now = *parse_utc("2026-11-24T22:57:26.123Z");
  BOOST_TEST(backup_name(now) == "2026-11-24T22-57-26.123Z");
  const std::vector<std::string> names = {
      "temp",
      "2026-11-24T22-57-26.123Z",
      "2026-11-14T22-57-26.123Z",
      "2026-11-14T22-57-26.122Z",
      "2020-01-01T00-00-00.000Z",
      "2020-01-01T00-00-00.000Z.kept",
      "2020-01-01T00:00:00.000Z",
      "2020-1-1T00-00-00.000Z",
      "2020-01-01",
      "../2020-01-01T00-00-00.000Z",
      " 2020-01-01T00-00-00.000Z",
      "",
  };
  const std::vector<std::string> expired = {"2026-11-14T22-57-26.122Z", "2020-01-01T00-00-00.000Z"};
  BOOST_TEST(expired_backups(names, now, 10) == expired, boost::test_tools::per_element());
  BOOST_TEST(expired_backups(names, now, 36500).empty());
}

BOOST_AUTO_TEST_SUITE_END()
