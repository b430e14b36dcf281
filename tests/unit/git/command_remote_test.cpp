#include "git/command_remote.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

#include "base/error.hpp"
#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

/// Two repositories of this computer, `there` as the other side of `here`; git goes the same way to it as to a server.
struct Pair {
  Library library;
  test::TempRepo there;
  test::TempRepo here;
  Environment environment;
  GitWay way;

  Pair() {
    environment.variables = test::git_environment(here.path());
    way.environment = &environment;
    way.url = there.path().string();
    there.commit("a.txt", "a\n");
    there.git({"branch", "other"});
    there.git({"tag", "--annotate", "--message", "one", "v1"});
  }

  [[nodiscard]] Repository repository() const { return Repository::open(here.path()).value(); }
};

Oid oid(const std::string& hex) {
  return Oid::from_hex(hex).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_remote)

BOOST_AUTO_TEST_CASE(lists_what_the_other_side_has) {
  const Pair pair;
  const Listing listing = CommandRemote(pair.way).list();
  BOOST_TEST(listing.head == "main");
  BOOST_TEST(listing.branches.size() == 2U);
  BOOST_TEST((listing.tags.at("v1") == oid(pair.there.git({"rev-parse", "v1"}))));
}

BOOST_AUTO_TEST_CASE(fetches_objects_and_moves_no_ref) {
  const Pair pair;
  // What would make git's own fetch do more.
  pair.here.git({"remote", "add", "origin", pair.way.url});
  pair.here.git({"config", "fetch.unpackLimit", "100"});  // git tells nothing of packs that it takes apart
  pair.here.git({"config", "fetch.prune", "true"});
  pair.here.git({"config", "fetch.pruneTags", "true"});
  pair.here.git({"update-ref", "refs/remotes/origin/gone", pair.here.commit("b.txt", "b\n")});
  pair.here.git({"tag", "mine"});
  const std::string before = pair.here.git({"for-each-ref"});
  const std::string loose_objects = pair.here.git({"count-objects"});
  Repository repository = pair.repository();
  Transfer last;
  const auto on_transfer = [&](const Transfer& transfer) { last = transfer; };
  const Listing listing =
      CommandRemote(pair.way).fetch(repository, {"refs/heads/main", "refs/tags/v1"}, on_transfer).listing;
  BOOST_TEST(repository.has(listing.branches.at("main")));
  BOOST_TEST(repository.has(listing.tags.at("v1")));
  BOOST_TEST(last.objects == 4U);
  BOOST_TEST(last.total_objects == 4U);
  BOOST_TEST(pair.here.git({"count-objects"}) == loose_objects);
  BOOST_TEST(pair.here.git({"for-each-ref"}) == before);
  BOOST_TEST(!std::filesystem::exists(pair.here.git_folder() / "FETCH_HEAD"));
}

BOOST_AUTO_TEST_CASE(a_ref_that_has_gone_there_keeps_no_other_from_coming) {
  const Pair pair;
  Repository repository = pair.repository();
  const std::vector<std::string> names = {"refs/heads/gone", "refs/heads/-x", "refs/heads/a b", "refs/heads/main"};
  const Listing listing = CommandRemote(pair.way).fetch(repository, names, {}).listing;
  BOOST_TEST(repository.has(listing.branches.at("main")));
}

BOOST_AUTO_TEST_CASE(what_is_no_repository_is_an_error_that_names_it) {
  Pair pair;
  pair.way.url = (pair.there.path() / "nothing").string();
  const auto names_it = [&](const Error& error) {
    return error.kind() == ErrorKind::failed && std::string(error.what()).starts_with("list " + pair.way.url);
  };
  BOOST_CHECK_EXCEPTION(CommandRemote(pair.way).list(), Error, names_it);
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_a_server_that_does_not_answer) {
  Pair pair;
  const Interrupt interrupt;
  pair.way.interrupt = &interrupt;
  pair.way.url = "ssh://server/x";
  pair.way.ssh_command = "sleep 60; :";
  interrupt.request();
  const auto interrupted = [](const Error& error) { return error.kind() == ErrorKind::interrupted; };
  BOOST_CHECK_EXCEPTION(CommandRemote(pair.way).list(), Error, interrupted);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_answer_is_offline) {
  Pair pair;
  pair.way.silence = std::chrono::milliseconds(200);
  pair.way.url = "ssh://server/x";
  pair.way.ssh_command = "sleep 60; :";
  const auto timeout = [](const Error& error) { return error.kind() == ErrorKind::timeout; };
  BOOST_CHECK_EXCEPTION(CommandRemote(pair.way).list(), Error, timeout);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
