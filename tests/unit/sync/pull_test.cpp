#include "sync/pull.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"
#include "unit/sync/answering_remote.hpp"
#include "unit/sync/fresh_work.hpp"
#include "unit/sync/no_progress.hpp"

namespace syncmanager::sync {

namespace {

/// What a pull makes of these branches of the server, where main is the only one here; and what its journal holds.
struct Pulled {
  std::vector<BranchOutcome> outcomes;
  std::vector<JournalRun> runs;
};

Pulled pull_from(const test::TempRepo& repo, const git::RefMap& branches) {
  const git::Library library;
  const test::TemporaryFolder folder;
  git::Repository repository = *git::Repository::open(repo.path());
  test::AnsweringRemote remote;
  test::NoProgress progress;
  const Request request;
  Environment environment;
  environment.home = folder.path();
  git::WebAccess web(environment, false, request.timeout, nullptr);
  const Job job{.request = request, .environment = environment, .progress = progress, .web = web, .started = {}};
  const Project project;
  const auto path = folder.path() / "x.journal";
  Journal journal(path, new_run("sync-pull", "origin", std::chrono::system_clock::now()));
  remote.listing.state = git::Listing::State::found;
  remote.listing.branches = branches;
  View view{
      .local = repository.refs("origin"), .worktrees = repository.worktrees(), .server = remote.listing, .base = {}};
  Workspace work = test::fresh_work(job, project, repository, remote, std::move(view), &journal);
  pull(work);
  journal.end();
  return {.outcomes = std::move(work.branches).take(), .runs = read_journal(path)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pull_step)

BOOST_AUTO_TEST_CASE(what_no_branch_can_be_called_is_reported_and_never_taken_down) {
  const test::TempRepo repo;
  const Oid tip = *Oid::from_hex(repo.commit("f", "1"));
  const std::string forged = "x - -\nrun 2030-01-01T00:00:00.000Z sync-pull origin\nref refs/heads/main";
  const Pulled pulled = pull_from(repo, {{"main", tip}, {"fresh", tip}, {forged, tip}, {"-option", tip}});
  for (const BranchOutcome& outcome : pulled.outcomes) {
    const bool bad = outcome.name == forged || outcome.name == "-option";
    BOOST_TEST((outcome.reason == (bad ? std::optional(Reason::bad_name) : std::nullopt)), outcome.name);
  }
  BOOST_TEST(pulled.outcomes.size() == 4U);
  BOOST_TEST_REQUIRE(pulled.runs.size() == 1U);
  BOOST_TEST_REQUIRE(pulled.runs[0].entries.size() == 1U);
  BOOST_TEST(pulled.runs[0].entries[0].ref == "refs/heads/fresh");
}

BOOST_AUTO_TEST_CASE(a_branch_that_stayed_or_failed_is_no_part_of_the_run) {
  const test::TempRepo repo;
  const Oid old = *Oid::from_hex(repo.commit("f", "1"));
  const Oid tip = *Oid::from_hex(repo.commit("f", "2"));
  repo.git({"reset", "--quiet", "--hard", old.hex()});
  repo.write("f", "mine");
  repo.write(".git/refs/heads/held.lock", "");
  const Pulled pulled = pull_from(repo, {{"held", tip}, {"main", tip}});
  BOOST_TEST_REQUIRE(pulled.outcomes.size() == 2U);
  BOOST_TEST((pulled.outcomes[0].result == Result::failed));
  BOOST_TEST((pulled.outcomes[1].reason == Reason::dirty));
  BOOST_TEST_REQUIRE(pulled.runs.size() == 1U);
  BOOST_TEST(pulled.runs[0].entries.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
