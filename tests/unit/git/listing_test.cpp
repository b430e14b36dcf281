#include "git/listing.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/process.hpp"
#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::git {

namespace {

const std::string oid_a(40, 'a');
const std::string oid_b(40, 'b');

struct Answer {
  std::map<std::size_t, Listing> listings;
  bool greeted = false;
  bool complete = false;
};

/// Reads `text` in pieces of `size` bytes.
Answer read(const std::string& text, std::size_t repositories, std::size_t size = 7) {
  Answer answer;
  ListingReader reader(repositories,
                       [&](std::size_t place, Listing&& listing) { answer.listings[place] = std::move(listing); });
  for (std::size_t at = 0; at < text.size(); at += size) reader.feed(std::string_view(text).substr(at, size));
  answer.greeted = reader.greeted();
  answer.complete = reader.complete();
  return answer;
}

/// What the command prints on this computer.
std::string run_here(const std::vector<std::string>& paths, const std::filesystem::path& home) {
  Command command;
  command.argv = {"sh", "-c", listing_command(paths)};
  command.environment = test::git_environment(home);
  return run(command, {}, std::chrono::minutes(1)).out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listing)

BOOST_AUTO_TEST_CASE(reads_branches_tags_and_the_default_branch) {
  const Answer answer = read("welcome to the server\nsyncmanager listing 1\nrepository ref: refs/heads/main\n" + oid_a +
                                 " refs/heads/main\n" + oid_b + " refs/heads/topic/x\n" + oid_b +
                                 " refs/tags/v1\nend 0\nmissing\nuncertain\nbye\n",
                             3);
  BOOST_TEST(answer.greeted);
  BOOST_TEST(answer.complete);
  const Listing& found = answer.listings.at(0);
  BOOST_TEST((found.state == Listing::State::found));
  BOOST_TEST(found.head == "main");
  BOOST_TEST(found.branches.at("main").hex() == oid_a);
  BOOST_TEST(found.branches.at("topic/x").hex() == oid_b);
  BOOST_TEST(found.tags.at("v1").hex() == oid_b);
  BOOST_TEST((answer.listings.at(1).state == Listing::State::missing));
  BOOST_TEST((answer.listings.at(2).state == Listing::State::uncertain));
}

BOOST_AUTO_TEST_CASE(a_repository_with_a_warning_has_failed_and_the_next_one_is_read) {
  const Answer answer = read("syncmanager listing 1\nrepository ref: refs/heads/main\n" + oid_a +
                                 " refs/heads/main\nwarning: ignoring broken ref refs/heads/x\nend 0\nrepository \n" +
                                 oid_a + " refs/heads/main\nend 0\nbye\n",
                             2);
  BOOST_TEST((answer.listings.at(0).state == Listing::State::failed));
  BOOST_TEST(answer.listings.at(0).problem == "warning: ignoring broken ref refs/heads/x");
  BOOST_TEST((answer.listings.at(1).state == Listing::State::found));
  BOOST_TEST(answer.listings.at(1).head == "");
}

BOOST_AUTO_TEST_CASE(says_whether_the_server_has_a_shell) {
  BOOST_TEST(!read("fatal: unrecognized command 'exec sh'\n", 1).greeted);
  BOOST_TEST(!read("", 1).greeted);
  const Answer cut = read("syncmanager listing 1\nrepository ref: refs/heads/main\n" + oid_a, 1);
  BOOST_TEST(cut.greeted);
  BOOST_TEST(!cut.complete);
  BOOST_TEST(cut.listings.empty());
}

BOOST_AUTO_TEST_CASE(refuses_an_answer_that_breaks_the_form) {
  const std::vector<std::string> answers = {
      "syncmanager listing 1\nrepository ref: refs/heads/main\nend 0\nmissing\nbye\n",  // more than asked
      "syncmanager listing 1\nnonsense\n",
      "syncmanager listing 1\nbye\n",  // less than asked
  };
  for (const std::string& answer : answers) BOOST_CHECK_THROW(read(answer, 1), Error);
  BOOST_CHECK_THROW(read("syncmanager listing 1\n" + std::string(100'000, 'x'), 1, 1000), Error);
}

BOOST_AUTO_TEST_CASE(the_command_lists_real_repositories) {
  const test::TempRepo repo;
  const std::string tip = repo.commit("a", "1");
  repo.git({"branch", "topic/it's"});
  repo.git({"tag", "v1"});
  const test::TemporaryFolder server;
  const auto bare = server.path() / "it's a !repo.git";
  repo.git({"clone", "--quiet", "--bare", ".", bare.string()});
  std::filesystem::create_directory(server.path() / "empty");
  const std::vector<std::string> paths = {bare.string(),
                                          (server.path() / "none").string(),
                                          (server.path() / "empty").string(),
                                          repo.path().string(),
                                          "~/it's a !repo",
                                          "~somebody/x"};
  const Answer answer = read(run_here(paths, server.path()), paths.size());
  BOOST_TEST(answer.complete);
  BOOST_TEST((answer.listings.at(1).state == Listing::State::missing));
  BOOST_TEST((answer.listings.at(2).state == Listing::State::uncertain));
  BOOST_TEST((answer.listings.at(5).state == Listing::State::uncertain));
  for (const std::size_t place : {0U, 3U, 4U}) {
    const Listing& listing = answer.listings.at(place);
    BOOST_TEST((listing.state == Listing::State::found));
    BOOST_TEST(listing.head == "main");
    BOOST_TEST(listing.branches.size() == 2);
    BOOST_TEST(listing.branches.at("topic/it's").hex() == tip);
    BOOST_TEST(listing.tags.at("v1").hex() == tip);
  }
}

BOOST_AUTO_TEST_CASE(a_broken_ref_on_the_server_does_not_look_deleted) {
  const test::TempRepo repo;
  repo.commit("a", "1");
  repo.git({"branch", "victim"});
  repo.write(".git/refs/heads/victim", "");  // what a crash leaves
  const Answer answer = read(run_here({repo.path().string()}, repo.path()), 1);
  BOOST_TEST((answer.listings.at(0).state == Listing::State::failed));
  BOOST_TEST(answer.listings.at(0).problem.find("refs/heads/victim") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
