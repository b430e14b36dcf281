#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "config/config.hpp"
#include "support.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using namespace syncmanager::config;
using syncmanager::test::contains;
using syncmanager::test::errors_of;
using syncmanager::test::names_of;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view good = "[git \"a\"]\npath = ~/a\nurl = s:a\n";

struct Fixture {
  Fixture() {
    environment.home = folder.path();
    environment.config_home = folder.path() / ".config";
  }

  /// A conf file that only its owner can write, whatever the umask.
  [[nodiscard]] fs::path write(const fs::path& name, std::string_view content = good) const {
    const fs::path file = folder.write(name, content);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    return file;
  }

  test::TemporaryFolder folder;
  Environment environment;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(loading, Fixture)

BOOST_AUTO_TEST_CASE(finds_conf_files_in_both_places_sorted) {
  std::vector<fs::path> expected;
  for (const char* const name : {".sync-conf/a.conf", ".sync-conf/deep/er/x.conf", ".sync-conf/z.conf",
                                 ".config/syncmanager/b.conf", ".config/syncmanager/c.conf"}) {
    expected.push_back(write(name));
  }
  for (const char* const name : {".sync-conf/unison-templates/no.conf", ".sync-conf/.git/no.conf", ".sync-conf/no.txt",
                                 ".sync-conf/.no.conf", ".config/syncmanager/deep/no.conf", ".config/no.conf"}) {
    (void)write(name);
  }
  fs::create_directory_symlink(folder.path() / ".sync-conf", folder.path() / ".sync-conf" / "loop");
  BOOST_TEST(conf_files(environment) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(finds_nothing_where_there_is_nothing) {
  BOOST_TEST(conf_files(environment).empty());
  BOOST_TEST(load({}, environment).projects.empty());
}

BOOST_AUTO_TEST_CASE(loads_all_files_in_their_order) {
  const fs::path one = write("one.conf");
  const fs::path two = write("two.conf", "[git \"b\"]\npath = ~/b\nurl = s:b\n");
  const Config config = load({two, one}, environment);
  BOOST_TEST(errors_of(config) == "");
  BOOST_TEST(names_of(config.projects) == "b a ");
  BOOST_TEST(config.projects[1].origin.file == one.string());
}

BOOST_AUTO_TEST_CASE(reads_a_file_once_under_whatever_names) {
  const fs::path file = write("one.conf");
  const fs::path link = folder.path() / "link.conf";
  fs::create_symlink(file, link);
  const Config config = load({link, file, file}, environment);
  BOOST_TEST(errors_of(config) == "");
  BOOST_TEST(names_of(config.projects) == "a ");
}

BOOST_AUTO_TEST_CASE(goes_on_after_a_file_that_cannot_be_read) {
  const fs::path missing = folder.path() / "missing.conf";
  const fs::path pipe = folder.path() / "pipe.conf";
  BOOST_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const Config config = load({missing, folder.path(), pipe, write("a.conf")}, environment);
  BOOST_TEST(names_of(config.projects) == "a ");
  const std::string errors = errors_of(config);
  BOOST_TEST(config.errors.size() == 3U);
  BOOST_TEST(contains(errors, missing.string() + ":0: can't be read: No such file or directory\n"), errors);
  BOOST_TEST(contains(errors, folder.path().string() + ":0: found a folder, expected a conf file\n"), errors);
  BOOST_TEST(contains(errors, pipe.string() + ":0: found something that is no file, expected a conf file\n"), errors);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_others_can_write) {
  for (const unsigned mode : {0620U, 0602U, 0666U}) {
    if (mode == 0620U && geteuid() != 0) continue;  // may be the user's private group
    const fs::path file = write("a.conf");
    BOOST_REQUIRE(chmod(file.c_str(), mode) == 0);
    const Config config = load({file}, environment);
    BOOST_TEST(config.projects.empty());
    BOOST_TEST(contains(errors_of(config), "others can write it"), errors_of(config));
    BOOST_TEST(contains(errors_of(config), "run: chmod go-w "), errors_of(config));
  }
  const fs::path readable = write("b.conf");
  BOOST_REQUIRE(chmod(readable.c_str(), 0644) == 0);
  BOOST_TEST(errors_of(load({readable}, environment)) == "");
}

BOOST_AUTO_TEST_CASE(refuses_a_file_in_a_folder_where_everybody_can_replace_it) {
  const fs::path file = write("shared/a.conf");
  const fs::path link = folder.path() / "link.conf";
  fs::create_symlink(file, link);
  BOOST_REQUIRE(chmod(file.parent_path().c_str(), 0777) == 0);
  for (const fs::path& name : {file, link}) {
    const Config config = load({name}, environment);
    BOOST_TEST(config.projects.empty());
    BOOST_TEST(contains(errors_of(config), "run: chmod o-w "), errors_of(config));
  }
  BOOST_REQUIRE(chmod(file.parent_path().c_str(), 01777) == 0);
  BOOST_TEST(errors_of(load({file}, environment)) == "");
}

BOOST_AUTO_TEST_CASE(refuses_a_file_of_somebody_else, *boost::unit_test::precondition([](auto) {
                       return boost::test_tools::assertion_result(geteuid() == 0);  // nobody else can give files away
                     })) {
  const fs::path file = write("a.conf");
  BOOST_REQUIRE(chown(file.c_str(), 12345, static_cast<gid_t>(-1)) == 0);
  const Config config = load({file}, environment);
  BOOST_TEST(config.projects.empty());
  BOOST_TEST(contains(errors_of(config), "belongs to the user with the number 12345"), errors_of(config));
}

BOOST_AUTO_TEST_SUITE_END()
