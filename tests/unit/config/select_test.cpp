#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

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

struct Fixture {
  Fixture() {
    Environment environment = test::jane();
    environment.home = home.path();
    read(R"([git "notes"]
path = ~/notes
url = s:notes
group = text
[git "notes-backup"]
path = ~/notes
url = s:backup
remote = backup
[git "inner"]
path = ~/notes/deep/inner
url = s:inner
[unison "documents"]
path = ~/Documents
url = ssh://s//d
group = text, big
[git "work"]
path = ~/work
url = s:work
env = office, travel
)",
         "a.conf", environment, config);
    fs::create_directories(home.path() / "notes" / "deep" / "inner" / "src");
    fs::create_directory_symlink(home.path() / "notes", home.path() / "link");
  }

  std::string select(const Selection& selection, const fs::path& here = "/") {
    errors.clear();
    return names_of(config::select(config, selection, here, errors));
  }

  std::string select_project(const std::string& word, const fs::path& here = "/") {
    Selection selection;
    selection.projects = {word};
    selection.home = home.path();
    return select(selection, here);
  }

  std::string error() {
    BOOST_TEST(errors.size() == 1U);
    return errors.empty() ? "" : errors[0].message;
  }

  test::TemporaryFolder home;
  Config config;
  std::vector<ConfigError> errors;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(selecting, Fixture)

BOOST_AUTO_TEST_CASE(selects_what_is_for_everywhere_without_options) {
  BOOST_TEST(select({}) == "notes notes-backup inner documents ");
  BOOST_TEST(errors.empty());
}

BOOST_AUTO_TEST_CASE(selects_by_client_group_and_env) {
  struct Row {
    Selection selection;
    std::string_view names;
  };
  const Row rows[] = {
      {{{}, {}, Client::git, "", ""}, "notes notes-backup inner "},
      {{{}, {}, Client::rsync, "", ""}, ""},
      {{{}, {"text"}, {}, "", ""}, "notes documents "},
      {{{}, {"big", "text"}, Client::unison, "", ""}, "documents "},
      {{{}, {}, {}, "office", ""}, "notes notes-backup inner documents work "},
      {{{}, {}, {}, "home, travel", ""}, "notes notes-backup inner documents work "},
      {{{}, {}, {}, "home", ""}, "notes notes-backup inner documents "},
  };
  for (const Row& row : rows) {
    BOOST_TEST(select(row.selection) == row.names);
    BOOST_TEST(errors.empty());
  }
}

BOOST_AUTO_TEST_CASE(selects_by_name_each_once_in_the_order_of_the_files) {
  Selection selection;
  selection.projects = {"documents", "notes", "documents"};
  BOOST_TEST(select(selection) == "notes documents ");
  BOOST_TEST(errors.empty());
}

BOOST_AUTO_TEST_CASE(selects_the_deepest_project_that_holds_a_path) {
  const std::string h = home.path().string();
  struct Row {
    std::string word;
    fs::path here;
    std::string_view names;
  };
  const Row rows[] = {
      {".", home.path() / "notes", "notes notes-backup "},
      {".", home.path() / "notes" / "deep", "notes notes-backup "},
      {".", home.path() / "notes" / "deep" / "inner" / "src", "inner "},
      {".", home.path() / "link" / "deep", "notes notes-backup "},
      {"..", home.path() / "notes" / "deep", "notes notes-backup "},
      {"./notes", home.path(), "notes notes-backup "},
      {"notes/deep/inner/", home.path(), "inner "},
      {"deep/inner", home.path() / "notes", "inner "},
      {h + "/notes", "/", "notes notes-backup "},
      {h + "/link/deep/inner/src", "/", "inner "},
      {"~/notes", "/", "notes notes-backup "},
      {"$HOME/Documents/not/there", "/", "documents "},
  };
  for (const Row& row : rows) {
    BOOST_TEST(select_project(row.word, row.here) == row.names, row.word << " in " << row.here);
    BOOST_TEST(errors.empty());
  }
}

BOOST_AUTO_TEST_CASE(does_not_take_a_name_s_beginning_for_the_name) {
  fs::create_directories(home.path() / "notes2");
  BOOST_TEST(select_project("./notes2", home.path()) == "");
  BOOST_TEST(contains(error(), "no project holds the folder"));
}

BOOST_AUTO_TEST_CASE(tells_what_would_have_fitted) {
  BOOST_TEST(select_project("note") == "");
  BOOST_TEST(error() == "there is no project 'note'; did you mean 'notes'?");
  BOOST_TEST(select_project("zzzzzzzz") == "");
  BOOST_TEST(error() == "there is no project 'zzzzzzzz', expected notes, notes-backup, inner, documents or work");
  Selection selection;
  selection.groups = {"txt"};
  BOOST_TEST(select(selection) == "");
  BOOST_TEST(error() == "there is no group 'txt'; did you mean 'text'?");
  config = {};
  BOOST_TEST(select_project("x") == "");
  BOOST_TEST(error() == "there is no project 'x'; the conf files have no projects");
}

BOOST_AUTO_TEST_CASE(says_so_where_another_option_leaves_out_a_named_project) {
  BOOST_TEST(select_project("work") == "");
  BOOST_TEST(error() ==
             "project 'work' is not selected: it is for the environment office, travel, expected one of them in --env "
             "or $SYNC_ENV");
  Selection selection;
  selection.projects = {"documents"};
  selection.client = Client::git;
  BOOST_TEST(select(selection) == "");
  BOOST_TEST(contains(error(), "it is for unison, and only git was asked for"));
  selection = {};
  selection.projects = {"inner"};
  selection.groups = {"text"};
  BOOST_TEST(select(selection) == "");
  BOOST_TEST(contains(error(), "it is not in the group text"));
}

BOOST_AUTO_TEST_SUITE_END()
