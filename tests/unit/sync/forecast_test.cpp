#include "sync/forecast.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::sync {

namespace {

using Tip = std::optional<Oid>;

struct Fixture {
  git::Library library;
  test::TempRepo repo;
  Oid first = *Oid::from_hex(repo.commit("f", "1"));
  Oid second = *Oid::from_hex(repo.commit("f", "2"));
  Oid here = *Oid::from_hex(repo.commit("f", "here"));
  Oid there = other("there");
  Oid unknown = *Oid::from_hex(std::string(40, 'e'));
  git::Repository repository = *git::Repository::open(repo.path());
  Project project = notes();
  View view = quiet();

  /// A commit beside `here`.
  [[nodiscard]] Oid other(const std::string& message) const {
    return *Oid::from_hex(repo.git({"commit-tree", "-p", second.hex(), "-m", message, first.hex() + "^{tree}"}));
  }

  [[nodiscard]] Project notes() const {
    Project made;
    made.name = "notes";
    made.path = repo.path();
    made.computer = "laptop";
    return made;
  }

  /// `main` is the same everywhere, so that the server has branches.
  [[nodiscard]] View quiet() const {
    View quiet;
    quiet.server.state = git::Listing::State::found;
    set(quiet, "main", second, second, second);
    return quiet;
  }

  static void set(View& view, const std::string& name, const Tip& base, const Tip& local, const Tip& server) {
    if (base) view.base.tips[name] = *base;
    if (local) view.local.branches[name] = *local;
    if (server) view.server.branches[name] = *server;
  }

  [[nodiscard]] Forecast told() const { return forecast(project, view, repository); }
};

std::size_t place_of(const Forecast& told, const std::string& name) {
  std::size_t at = 0;
  while (at < told.outcomes.size() && told.outcomes[at].name != name) ++at;
  BOOST_REQUIRE(at < told.outcomes.size());
  return at;
}

const BranchOutcome& outcome_of(const Forecast& told, const std::string& name) {
  return told.outcomes[place_of(told, name)];
}

const BranchStatus& status_of(const Forecast& told, const std::string& name) {
  return told.branches[place_of(told, name)];
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(forecast_, Fixture)

BOOST_AUTO_TEST_CASE(each_branch_stands_and_fares_as_by_the_rules) {
  struct Row {
    std::string name;
    Tip base, local, server;
    Standing standing;
    Done action;
    Side side;
    std::optional<Reason> reason;
  };
  const std::vector<Row> rows = {
      {"ahead", second, here, second, Standing::ahead, Done::fast_forward, Side::server, {}},
      {"behind", second, second, there, Standing::behind, Done::fast_forward, Side::local, {}},
      {"diverged", second, here, there, Standing::diverged, Done::park, Side::server, Reason::diverged},
      {"gone-here", second, {}, second, Standing::gone_here, Done::remove, Side::server, {}},
      {"gone-there", second, second, {}, Standing::gone_there, Done::remove, Side::local, {}},
      {"moved-and-gone", second, here, {}, Standing::gone_there, Done::create, Side::server, {}},
      {"new-here", {}, here, {}, Standing::new_here, Done::create, Side::server, {}},
      {"new-there", {}, {}, there, Standing::new_there, Done::create, Side::local, {}},
      {"rewound-here", second, first, second, Standing::rewound_here, Done::refuse, Side::local, Reason::rewound},
      {"rewound-there", second, second, first, Standing::rewound_there, Done::refuse, Side::local, Reason::rewound},
      {"rewritten-there", here, here, there, Standing::rewritten_there, Done::replace, Side::local, {}},
      {"same", second, second, second, Standing::same, Done::none, Side::local, {}},
  };
  for (const Row& row : rows) set(view, row.name, row.base, row.local, row.server);
  const Forecast found = told();
  BOOST_TEST(found.outcomes.size() == rows.size() + 1);
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(to_string(status_of(found, row.name).standing) == to_string(row.standing));
      const BranchOutcome& outcome = outcome_of(found, row.name);
      BOOST_TEST(to_string(outcome.action) == to_string(row.action));
      BOOST_TEST((outcome.side == row.side));
      BOOST_TEST((outcome.reason == row.reason));
    }
  }
}

BOOST_AUTO_TEST_CASE(counts_commits_only_where_both_sides_are_known) {
  set(view, "both", second, here, there);
  set(view, "one", second, here, std::nullopt);
  set(view, "unknown", second, here, unknown);
  const Forecast found = told();
  BOOST_TEST(status_of(found, "both").ahead.value() == 1U);
  BOOST_TEST(status_of(found, "both").behind.value() == 1U);
  for (const auto* name : {"main", "one", "unknown"}) BOOST_TEST(!status_of(found, name).ahead.has_value(), name);
}

BOOST_AUTO_TEST_CASE(a_direction_moves_one_side_alone) {
  set(view, "ahead", second, here, second);
  set(view, "behind", second, second, there);
  for (const auto& [direction, moving, resting] :
       {std::tuple{Direction::push, "ahead", "behind"}, std::tuple{Direction::pull, "behind", "ahead"}}) {
    project.direction = direction;
    const Forecast found = told();
    BOOST_TEST((outcome_of(found, moving).action == Done::fast_forward), moving);
    BOOST_TEST((outcome_of(found, resting).action == Done::none), resting);
    BOOST_TEST((status_of(found, resting).standing != Standing::same), resting);
  }
}

BOOST_AUTO_TEST_CASE(a_merge_makes_a_commit_that_nobody_has_yet) {
  project.diverged = Diverged::merge;
  set(view, "topic", second, here, there);
  const Forecast found = told();
  BOOST_TEST((outcome_of(found, "topic").action == Done::merge));
  BOOST_TEST((outcome_of(found, "topic").before == here));
  BOOST_TEST(!outcome_of(found, "topic").after.has_value());
}

BOOST_AUTO_TEST_CASE(too_many_deletions_wait_for_a_person) {
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  for (const auto& name : names) set(view, name, second, second, std::nullopt);
  const Forecast found = told();
  for (const auto& name : names) BOOST_TEST((outcome_of(found, name).reason == Reason::mass_deletion), name);
}

BOOST_AUTO_TEST_CASE(says_that_a_diverged_branch_is_parked_only_where_its_tip_is) {
  set(view, "topic", second, here, there);
  BOOST_TEST(outcome_of(told(), "topic").message.find("kept on the server") == std::string::npos);
  view.local.parked["topic"] = second;
  BOOST_TEST(outcome_of(told(), "topic").message.find("kept on the server") == std::string::npos);
  view.local.parked["topic"] = here;
  BOOST_TEST(outcome_of(told(), "topic").message.ends_with("kept on the server as refs/sync/laptop/heads/topic"));
}

BOOST_AUTO_TEST_CASE(tells_the_folder_and_what_is_under_way) {
  view.worktrees.checked_out["main"] = "/home/jane/notes";
  view.worktrees.busy["main"] = "rebase";
  BOOST_TEST(status_of(told(), "main").worktree == "/home/jane/notes");
  BOOST_TEST(!status_of(told(), "main").in_own_tree);
  const std::filesystem::path other_way = repo.path().string() + "-link";
  std::filesystem::create_directory_symlink(repo.path(), other_way);
  view.worktrees.checked_out["main"] = repo.path().string() + "/";
  project.path = other_way;
  BOOST_TEST(status_of(told(), "main").in_own_tree);
  std::filesystem::remove(other_way);
  BOOST_TEST(status_of(told(), "main").busy == "rebase");
}

BOOST_AUTO_TEST_CASE(a_branch_that_cant_be_read_fails_alone) {
  repo.git({"branch", "victim"});
  repo.write(".git/refs/heads/victim", "");
  set(view, "victim", second, std::nullopt, second);
  set(view, "ahead", second, here, second);
  const Forecast found = told();
  BOOST_TEST((outcome_of(found, "victim").result == Result::failed));
  BOOST_TEST((outcome_of(found, "ahead").action == Done::fast_forward));
}

BOOST_AUTO_TEST_CASE(a_name_that_only_the_record_knows_is_nobodys) {
  set(view, "old", second, std::nullopt, std::nullopt);
  BOOST_TEST(told().outcomes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_server_as_last_seen_is_what_the_remote_tracking_refs_tell) {
  git::LocalRefs refs;
  refs.branches = {{"mine", first}};
  refs.tracking = {{"main", second}};
  refs.tracking_head = "main";
  refs.tags = {{"v1", first}};
  const git::Listing listing = last_seen(refs);
  BOOST_TEST((listing.state == git::Listing::State::found));
  BOOST_TEST(listing.head == "main");
  BOOST_TEST((listing.branches == refs.tracking));
  BOOST_TEST((listing.tags == refs.tags));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
