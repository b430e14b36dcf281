#include "git/stale_files.hpp"

#include <chrono>
#include <filesystem>
#include <string>

#include <fcntl.h>

#include <boost/test/unit_test.hpp>

#include "git/tree_lock.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

struct StaleFiles {
  test::TempRepo repo;
  FileTime since = std::chrono::system_clock::now();

  [[nodiscard]] std::size_t clear() const { return remove_stale_files(repo.git_folder(), repo.path(), since).size(); }
  [[nodiscard]] bool has(const std::string& name) const { return fs::exists(repo.git_folder() / name); }
  void write(const std::string& name) const { repo.write(".git/" + name, ""); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(stale_files, StaleFiles)

BOOST_AUTO_TEST_CASE(locks_and_unfinished_files_of_a_dead_process_go_and_all_else_stays) {
  repo.commit("a.txt", "a\n");
  for (const std::string name : {"packed-refs.lock", "config.lock", "HEAD.lock", "ORIG_HEAD.lock",
                                 "refs/heads/main.lock", "refs/remotes/o/deep/x.lock", "objects/pack/pack_git2_a1b2c3",
                                 "objects/tmp_object_git2_a1b2c3", "syncmanager/origin.base.tmp-1234"}) {
    write(name);
    BOOST_TEST(clear() == 1U);
    BOOST_TEST(!has(name));
  }
  for (const std::string name :
       {"index.lock", "objects/pack/tmp_pack_a1b2c3", "syncmanager/origin.base", "hooks/x.lock", "refs/heads/lock"}) {
    write(name);
    BOOST_TEST(clear() == 0U);
    BOOST_TEST(has(name));
  }
}

BOOST_AUTO_TEST_CASE(a_lock_that_was_there_before_stays) {
  write("refs/heads/main.lock");
  since = std::chrono::system_clock::now() + std::chrono::seconds(1);
  BOOST_TEST(clear() == 0U);
  BOOST_TEST(has("refs/heads/main.lock"));
}

BOOST_AUTO_TEST_CASE(a_lock_that_somebody_holds_stays) {
  write("packed-refs.lock");
  {
    const Fd open_file(open((repo.git_folder() / "packed-refs.lock").c_str(), O_RDONLY | O_CLOEXEC));
    BOOST_TEST(clear() == 0U);
  }
  BOOST_TEST(clear() == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_or_a_link_by_such_a_name_stays) {
  fs::create_directories(repo.git_folder() / "refs/heads/folder.lock");
  fs::create_symlink("nowhere", repo.git_folder() / "config.lock");
  BOOST_TEST(clear() == 0U);
  BOOST_TEST(fs::is_symlink(repo.git_folder() / "config.lock"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
