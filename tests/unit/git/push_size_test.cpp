#include "git/push_size.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

using namespace syncmanager;
using namespace syncmanager::git;

namespace {

struct History {
  Library library;
  test::TempRepo repo;

  std::string commit_file_of(std::size_t size) const { return repo.commit("file", std::string(size, 'x')); }
  [[nodiscard]] bool is_big(const std::string& from, const std::string& to) const {
    const auto repository = Repository::open(repo.path());
    const PushedRef ref{.name = "refs/heads/main", .from = Oid::from_hex(from), .to = *Oid::from_hex(to)};
    return is_big_push(*repository, {ref});
  }
};

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

}  // namespace

BOOST_AUTO_TEST_SUITE(push_size)

BOOST_AUTO_TEST_CASE(counts_what_the_server_does_not_have) {
  const History history;
  const std::string big = history.commit_file_of(3 * mebibyte);
  const std::string small = history.commit_file_of(10);
  BOOST_TEST(history.is_big("", big));
  BOOST_TEST(history.is_big("", small));
  BOOST_TEST(!history.is_big(big, small));
  history.repo.git({"update-ref", "refs/remotes/origin/other", big});
  BOOST_TEST(!history.is_big("", small));
}

BOOST_AUTO_TEST_CASE(many_small_files_and_many_commits_are_big_too) {
  const History files;
  files.commit_file_of(1);
  const std::string before = files.repo.git({"rev-parse", "HEAD"});
  for (int number = 0; number < 1'001; ++number) files.repo.write("f" + std::to_string(number), "x");
  files.repo.git({"add", "."});
  BOOST_TEST(files.is_big(before, files.repo.commit("last", "x")));

  const History commits;
  std::string tip = commits.commit_file_of(1);
  const std::string first = tip;
  const std::string tree = commits.repo.git({"rev-parse", "HEAD^{tree}"});
  for (int number = 0; number < 1'001; ++number) {
    tip = commits.repo.git({"commit-tree", "-p", tip, "-m", std::to_string(number), tree});
  }
  BOOST_TEST(commits.is_big(first, tip));
  BOOST_TEST(!commits.is_big(commits.repo.git({"rev-parse", tip + "~5"}), tip));
}

BOOST_AUTO_TEST_CASE(nothing_new_is_small) {
  const History history;
  const std::string tip = history.commit_file_of(3 * mebibyte);
  BOOST_TEST(!history.is_big(tip, tip));
}

BOOST_AUTO_TEST_SUITE_END()
