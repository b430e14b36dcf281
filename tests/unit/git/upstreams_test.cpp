#include "git/upstreams.hpp"

#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/file.hpp"
#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

struct Fixture {
  Library library;
  test::TempRepo repo;
  Repository repository = *Repository::open(repo.path());
  std::filesystem::path file = repo.git_folder() / "config";

  [[nodiscard]] std::string config() const { return read_file(file).value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(upstreams, Fixture)

BOOST_AUTO_TEST_CASE(are_written_as_git_writes_them) {
  for (const std::string remote : {"origin", "a;b", "a#\"b"}) {
    for (const std::string branch : {"main", "a/b.c", "with space-less#sign", "quo\"te", "semi;colon", "a=b", "]"}) {
      const std::string before = config();
      repo.git({"config", "branch." + branch + ".remote", remote});
      repo.git({"config", "branch." + branch + ".merge", "refs/heads/" + branch});
      BOOST_TEST(config() == before + upstream_section(remote, branch));
      repo.write(".git/config", before);
    }
  }
}

BOOST_AUTO_TEST_CASE(leave_what_is_there_as_it_is) {
  const std::string before =
      config() + "# mine\n[Branch \"has\"] merge = refs/heads/other\n[branch \"begun\"]\n\trebase = true";
  repo.write(".git/config", before);
  std::filesystem::rename(file, repo.path() / "elsewhere");
  std::filesystem::create_symlink(repo.path() / "elsewhere", file);
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  set_upstreams(repository, "origin", {"has", "new"});
  BOOST_TEST(config() == before + "\n" + upstream_section("origin", "new"));
  BOOST_TEST(std::filesystem::is_symlink(file));
  BOOST_TEST((std::filesystem::status(file).permissions() == std::filesystem::perms(0600)));
  set_upstreams(repository, "origin", {"begun", "new"});
  BOOST_TEST(repo.git({"config", "branch.begun.merge"}) == "refs/heads/begun");
  BOOST_TEST(repo.git({"config", "branch.begun.rebase"}) == "true");
  BOOST_TEST(repo.git({"config", "--get-all", "branch.new.merge"}) == "refs/heads/new");
}

BOOST_AUTO_TEST_CASE(wait_for_the_lock_of_git_and_never_remove_it) {
  repo.write(".git/config.lock", "");
  const std::string before = config();
  BOOST_CHECK_EXCEPTION(set_upstreams(repository, "origin", {"new"}), Error,
                        [](const Error& error) { return error.kind() == ErrorKind::locked; });
  BOOST_TEST(config() == before);
  BOOST_TEST(std::filesystem::remove(repo.git_folder() / "config.lock"));
  set_upstreams(repository, "origin", {"new"});
  BOOST_TEST(!std::filesystem::exists(repo.git_folder() / "config.lock"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
