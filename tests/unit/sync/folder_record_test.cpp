#include "sync/folder_record.hpp"

#include <filesystem>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "base/file.hpp"
#include "support/temporary_folder.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

const Time first = *parse_utc("2026-11-24T22:57:26.123Z");
const Time looked = *parse_utc("2026-11-28T07:30:00.000Z");

struct Fixture {
  test::TemporaryFolder folder;
  Environment environment;
  Project photos;

  Fixture() {
    environment.state_home = folder.path();
    photos.path = "/home/jane/Pictures";
    photos.url.text = "ssh://server/srv/photos";
  }

  [[nodiscard]] std::filesystem::path file() const {
    return folder_record_path(environment, photos.path, photos.url.text);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_record)

BOOST_AUTO_TEST_CASE(is_read_as_it_was_written) {
  const FolderRecord records[] = {
      {first, looked, {}},
      {first, looked, {"notes/.git"}},
      {first, looked, {".git", "a b/.git", "line\nfeed/.git", "back\\slash\\n/.git", "bad\xff/.git", "tab\t\r/.git"}},
      {first, looked, {"notes/.git"}, false},
  };
  for (const FolderRecord& record : records) {
    const std::string text = format_folder_record(record);
    const std::optional<FolderRecord> read = parse_folder_record(text);
    BOOST_REQUIRE(read);
    BOOST_TEST((*read == record), text);
  }
  BOOST_TEST(
      format_folder_record({first, looked, {"a b/.git"}}) ==
      "syncmanager folder 1\nsynced 2026-11-24T22:57:26.123Z\nlooked 2026-11-28T07:30:00.000Z\ntold a\\_b/.git\n");
}

BOOST_AUTO_TEST_CASE(a_damaged_one_tells_what_is_whole_or_nothing) {
  const std::string header = "syncmanager folder 1\n";
  const std::string synced = "synced 2026-11-24T22:57:26.123Z\n";
  struct Row {
    std::string text;
    std::optional<FolderRecord> record;
  };
  const Row rows[] = {
      {"", std::nullopt},
      {"\n", std::nullopt},
      {synced, std::nullopt},
      {"syncmanager folder 2\n" + synced, std::nullopt},
      {header, std::nullopt},
      {header + "told a/.git\n", std::nullopt},
      {header + "synced yesterday\n", std::nullopt},
      {header + "synced 2026-11-24T22:57:26.123Z more\n", std::nullopt},
      {header + std::string(3, '\0') + "\n" + synced, FolderRecord{first, {}, {}}},
      {header + synced + "told\ntold a b\nasked x\ntold x/.git\n", FolderRecord{first, {}, {"x/.git"}}},
      {header + synced + "looked 2026-11-28T07:30:00.000Z\n", FolderRecord{first, looked, {}}},
      {header + synced + "looked yesterday\n", FolderRecord{first, {}, {}}},
      {header + synced + "told cut/.gi", FolderRecord{first, {}, {"cut/.gi"}}},
      {header + synced + "files none\n", FolderRecord{first, {}, {}, false}},
      {header + synced + "files no\nfiles\n", FolderRecord{first, {}, {}}},
  };
  for (const Row& row : rows) BOOST_TEST((parse_folder_record(row.text) == row.record), row.text);
}

BOOST_FIXTURE_TEST_CASE(belongs_to_a_folder_and_its_other_side, Fixture) {
  BOOST_TEST(!read_folder_record(environment, photos));
  const FolderRecord record{first, looked, {"a/.git"}};
  write_folder_record(environment, photos, record);
  BOOST_TEST((read_folder_record(environment, photos) == record));
  Project other = photos;
  other.url.text = "ssh://server/srv/other";
  BOOST_TEST(!read_folder_record(environment, other));
  other = photos;
  other.path = "/home/jane/Music";
  BOOST_TEST(!read_folder_record(environment, other));
  write_folder_record(environment, photos, {first, looked, {}});
  BOOST_TEST((read_folder_record(environment, photos) == FolderRecord{first, looked, {}}));
}

BOOST_FIXTURE_TEST_CASE(nobody_else_may_read_it, Fixture) {
  write_folder_record(environment, photos, {first, looked, {"secret/.git"}});
  struct stat status {};
  BOOST_REQUIRE(stat(file().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
  BOOST_REQUIRE(stat(file().parent_path().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0077U) == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_changed_password_does_not_make_it_another_side, Fixture) {
  photos.url.text = "https://jane:old@server/photos";
  write_folder_record(environment, photos, {first, looked, {}});
  photos.url.text = "https://jane:new@server/photos";
  BOOST_TEST(read_folder_record(environment, photos).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
