#include "sync/push.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/library.hpp"
#include "support/temp_repo.hpp"
#include "unit/sync/answering_remote.hpp"
#include "unit/sync/fresh_work.hpp"
#include "unit/sync/no_progress.hpp"

namespace syncmanager::sync {

BOOST_AUTO_TEST_SUITE(push_step)

BOOST_AUTO_TEST_CASE(tells_of_each_branch_what_the_server_said) {
  struct Row {
    git::PushResult answer;
    Result result;
    std::optional<Reason> reason;
    std::string message;
  };
  const std::vector<Row> rows = {
      {{git::Pushed::yes, ""}, Result::ok, std::nullopt, ""},
      {{git::Pushed::rejected, "hook declined"},
       Result::failed,
       Reason::rejected,
       "the server refused it: hook declined"},
      {{git::Pushed::held_back, "not today"},
       Result::failed,
       Reason::rejected,
       "the pre-push hook refused it: not today"},
      {{git::Pushed::stale, ""}, Result::attention, Reason::stale, "it moved while it was looked at"},
      {{git::Pushed::untold, "the line broke"}, Result::failed, std::nullopt, "the line broke"},
  };
  const git::Library library;
  const test::TempRepo repo;
  repo.commit("f", "1");
  git::Repository repository = *git::Repository::open(repo.path());
  test::AnsweringRemote remote;
  test::NoProgress progress;
  const Request request;
  const Environment environment;
  git::WebAccess web(environment, false, request.timeout, nullptr);
  const Job job{.request = request, .environment = environment, .progress = progress, .web = web, .started = {}};
  const Project project;
  View view;
  view.server.state = git::Listing::State::found;
  for (std::size_t i = 0; i < rows.size(); ++i) repo.git({"branch", "b" + std::to_string(i)});
  repo.git({"switch", "--quiet", "--detach"});
  repo.git({"branch", "--delete", "--force", "main"});
  view.local = repository.refs("origin");
  for (const Row& row : rows) remote.answers.push_back(row.answer);
  Workspace work = test::fresh_work(job, project, repository, remote, std::move(view));
  push(work);
  const std::vector<BranchOutcome> outcomes = std::move(work.branches).take();
  BOOST_REQUIRE(outcomes.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    BOOST_TEST((outcomes[i].result == rows[i].result), outcomes[i].name);
    BOOST_TEST((outcomes[i].reason == rows[i].reason), outcomes[i].name);
    BOOST_TEST(outcomes[i].message == rows[i].message);
    BOOST_TEST(work.view.server.branches.contains(outcomes[i].name) == (rows[i].answer.pushed == git::Pushed::yes));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
