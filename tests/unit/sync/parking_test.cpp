#include "sync/parking.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "git/library.hpp"
#include "support/temp_repo.hpp"
#include "sync/push.hpp"
#include "unit/sync/answering_remote.hpp"
#include "unit/sync/fresh_work.hpp"
#include "unit/sync/no_progress.hpp"

namespace syncmanager::sync {

namespace {

/// A server that takes only what is parked, and may lose the line before or after it has done so.
struct ParkingRemote : test::AnsweringRemote {
  enum class Line { holds, breaks_before, breaks_after };
  Line line = Line::holds;
  git::Pushed answer = git::Pushed::yes;

  std::vector<git::PushResult> push(git::Repository& /*repository*/, const std::vector<git::PushedRef>& refs,
                                    const git::OnTransfer& /*on_transfer*/, std::string& /*server_words*/) override {
    if (line == Line::breaks_before) throw Error(ErrorKind::offline, "the line broke");
    for (const git::PushedRef& ref : refs) {
      const std::string name = ref.name.substr(std::string(git::parked_prefix).size());
      if (answer == git::Pushed::yes) listing.parked.erase(name);
      if (answer == git::Pushed::yes && ref.to) listing.parked.emplace(name, *ref.to);
    }
    if (line == Line::breaks_after) throw Error(ErrorKind::offline, "the line broke");
    return std::vector<git::PushResult>(refs.size(), {.pushed = answer, .message = "no"});
  }
};

/// Branch `main` has diverged from the server's.
struct Fixture {
  git::Library library;
  test::TempRepo repo;
  Oid base = commit("f", "1");
  Oid theirs = commit("g", "1");
  Oid ours;
  git::Repository repository = *git::Repository::open(repo.path());
  ParkingRemote remote;
  test::NoProgress progress;
  Request request;
  Environment environment;
  git::WebAccess web = git::WebAccess(environment, false, request.timeout, nullptr);
  Job job{.request = request, .environment = environment, .progress = progress, .web = web, .started = {}};
  Project project;

  Fixture() {
    repo.git({"reset", "--quiet", "--hard", base.hex()});
    ours = commit("h", "1");
    project.computer = "lap";
    remote.listing.state = git::Listing::State::found;
    remote.listing.branches.emplace("main", theirs);
    repo.git({"update-ref", "refs/remotes/origin/main", theirs.hex()});
  }

  Oid commit(const std::string& file, const std::string& content) const {
    return *Oid::from_hex(repo.commit(file, content));
  }
  void push_once() {
    View view;
    view.local = repository.refs("origin");
    view.server = remote.listing;
    Workspace work = test::fresh_work(job, project, repository, remote, std::move(view));
    push(work);
    work.rescuer.drop_needless();
  }
  void push_in_vain(ParkingRemote::Line line) {
    remote.line = line;
    BOOST_CHECK_THROW(push_once(), Error);
    remote.line = ParkingRemote::Line::holds;
  }
  /// Takes the server's side.
  void settle() const { repo.git({"reset", "--quiet", "--hard", theirs.hex()}); }
  std::string refs_below(const std::string& prefix) const {
    return repo.git({"for-each-ref", "--format=%(refname) %(objectname)", prefix});
  }
  std::string rescued() const { return repo.git({"for-each-ref", "--format=%(objectname)", "refs/sync/rescue"}); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parking, Fixture)

BOOST_AUTO_TEST_CASE(is_remembered_when_the_server_has_taken_it_and_forgotten_when_it_is_settled) {
  push_once();
  BOOST_TEST((remote.listing.parked.at("lap/heads/main") == ours));
  BOOST_TEST(refs_below("refs/sync") == "refs/sync/parked/origin/main " + ours.hex());
  settle();
  push_once();
  BOOST_TEST(remote.listing.parked.empty());
  BOOST_TEST(refs_below("refs/sync/parked").empty());
  BOOST_TEST(rescued() == ours.hex());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_stopped_after_the_server_took_it_still_clears_it_away) {
  push_in_vain(ParkingRemote::Line::breaks_after);
  BOOST_TEST(refs_below("refs/sync") == "refs/sync/parking/origin/main " + ours.hex());
  settle();
  push_once();
  BOOST_TEST(remote.listing.parked.empty());
  BOOST_TEST(refs_below("refs/sync/par*").empty());
  BOOST_TEST(rescued() == ours.hex());
}

BOOST_AUTO_TEST_CASE(what_the_server_never_got_is_not_taken_for_parked) {
  push_once();
  const Oid first = ours;
  ours = commit("h", "2");
  push_in_vain(ParkingRemote::Line::breaks_before);
  BOOST_TEST(refs_below("refs/sync") ==
             "refs/sync/parked/origin/main " + first.hex() + "\nrefs/sync/parking/origin/main " + ours.hex());
  settle();
  push_once();
  BOOST_TEST(remote.listing.parked.empty());
  BOOST_TEST(refs_below("refs/sync/par*").empty());
}

BOOST_AUTO_TEST_CASE(what_another_clone_parks_after_a_stop_is_its_own) {
  push_in_vain(ParkingRemote::Line::breaks_before);
  settle();
  remote.listing.parked.emplace("lap/heads/main", base);
  push_once();
  BOOST_TEST((remote.listing.parked.at("lap/heads/main") == base));
  BOOST_TEST(refs_below("refs/sync/par*").empty());
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_is_not_noted_any_more) {
  for (const git::Pushed answer : {git::Pushed::rejected, git::Pushed::stale}) {
    remote.answer = answer;
    push_once();
    BOOST_TEST(refs_below("refs/sync").empty());
  }
  remote.answer = git::Pushed::untold;
  push_once();
  BOOST_TEST(refs_below("refs/sync") == "refs/sync/parking/origin/main " + ours.hex());
}

BOOST_AUTO_TEST_CASE(what_only_the_memory_holds_is_rescued_before_it_goes) {
  push_once();
  remote.listing.parked.clear();  // a server that was restored from a backup
  settle();
  push_once();
  BOOST_TEST(refs_below("refs/sync/parked").empty());
  BOOST_TEST(rescued() == ours.hex());
}

BOOST_AUTO_TEST_CASE(what_only_the_memory_holds_is_rescued_before_it_moves) {
  push_once();
  const Oid first = ours;
  remote.listing.parked.clear();
  repo.git({"commit", "--quiet", "--amend", "--message=x"});
  push_once();
  BOOST_TEST(rescued() == first.hex());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
