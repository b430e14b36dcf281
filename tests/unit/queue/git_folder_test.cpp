#include "queue/git_folder.hpp"

#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::queue {

namespace {

namespace fs = std::filesystem;

/// git -C FOLDER ARGUMENTS…, for a person without a configuration
void git(const fs::path& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"git", "-c", "user.name=Jane", "-c", "user.email=jane@example.org", "-C", folder.string()});
  test::run_program(arguments, {"GIT_CONFIG_GLOBAL=/dev/null"});
}

struct Places {
  test::TemporaryFolder folder;
  fs::path root = fs::canonical(folder.path());
  fs::path work = root / "work";
  fs::path common = work / ".git";

  Places() {
    fs::create_directories(work / "sub" / "folder");
    git(work, {"init", "-q"});
    git(work, {"commit", "-q", "--allow-empty", "-m", "first"});
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(git_folder)

BOOST_AUTO_TEST_CASE(a_repository_is_found_from_where_hooks_run) {
  const Places places;
  git(places.work, {"worktree", "add", "-q", "../linked"});
  const fs::path linked = places.root / "linked";
  fs::create_directory(linked / "deep");
  git(places.root, {"init", "-q", "--bare", "bare.git"});
  fs::create_directory_symlink(places.work, places.root / "link");
  const struct {
    fs::path folder;
    std::string git_dir;
    fs::path common;
  } rows[] = {
      {places.work, "", places.common},
      {places.work / "sub/folder", "", places.common},
      {places.work, ".git", places.common},
      {places.work / "sub", places.common.string(), places.common},
      {places.root / "link", "", places.common},
      {linked, "", places.common},
      {linked / "deep", "", places.common},
      {linked, (places.common / "worktrees/linked").string(), places.common},
      {places.root / "bare.git", "", places.root / "bare.git"},
      {places.root / "bare.git", ".", places.root / "bare.git"},
      {places.common / "refs", "", places.common},
  };
  for (const auto& row : rows) {
    const auto found = common_git_folder(row.folder, row.git_dir);
    BOOST_TEST_CONTEXT(row.folder << " GIT_DIR=" << row.git_dir) {
      BOOST_REQUIRE(found);
      BOOST_TEST(*found == row.common);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_submodule_is_a_repository_of_its_own) {
  const Places places;
  git(places.root, {"init", "-q", "outer"});
  git(places.root / "outer",
      {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", places.work.string(), "inner"});
  BOOST_TEST(common_git_folder(places.root / "outer/inner", "").value() == places.root / "outer/.git/modules/inner");
}

BOOST_AUTO_TEST_CASE(where_there_is_none_there_is_none) {
  const Places places;
  fs::create_directories(places.root / "plain" / ".git");  // an empty folder is no repository
  BOOST_TEST(!common_git_folder(places.root / "plain", ""));
  BOOST_TEST(!common_git_folder(places.root, "nowhere"));
  BOOST_TEST(!git_folder_of(places.root / "missing"));
}

BOOST_AUTO_TEST_CASE(a_project_is_its_own_folder_not_one_inside_another) {
  const Places places;
  BOOST_TEST(git_folder_of(places.work).value() == places.common);
  BOOST_TEST(!git_folder_of(places.work / "sub"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::queue
