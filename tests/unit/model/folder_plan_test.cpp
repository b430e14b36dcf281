#include <array>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "model/folder_plan.hpp"

using namespace syncmanager;

namespace {

constexpr std::array sides = {Root::missing, Root::empty, Root::filled, Root::no_folder, Root::closed};

constexpr FolderPolicy pull{.pull = true};
constexpr FolderPolicy push{.push = true};
constexpr FolderPolicy both{.pull = true, .push = true};
constexpr FolderPolicy mirror_pull{.pull = true, .deletions = true};
constexpr FolderPolicy mirror_push{.push = true, .deletions = true};

FolderPolicy forced(FolderPolicy policy) {
  policy.force = true;
  return policy;
}

FolderPlan stop(FolderStop why) {
  return {.stop = why};
}

constexpr FolderPlan copy{};
constexpr FolderPlan make_local{.make_local = true};
constexpr FolderPlan make_server{.make_server = true};

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_plan)

BOOST_AUTO_TEST_CASE(decides_by_what_stands_on_both_sides) {
  struct Row {
    std::string_view what;
    FolderFacts facts;
    FolderPolicy policy;
    FolderPlan plan;
  };
  using enum Root;
  using enum FolderStop;
  const Row rows[] = {
      {"both filled", {filled, filled, true}, both, copy},
      {"both filled, the first time", {filled, filled, false}, both, copy},
      {"made here by a pull", {missing, filled, false}, pull, make_local},
      {"made here by both", {missing, filled, false}, both, make_local},
      {"nothing to push", {missing, filled, false}, push, stop(not_here)},
      {"made there by a push", {filled, missing, false}, push, make_server},
      {"made there by both", {filled, missing, false}, both, make_server},
      {"nothing to pull", {filled, missing, false}, pull, stop(not_there)},
      {"nothing anywhere", {missing, missing, false}, both, stop(nowhere)},
      {"nothing anywhere any more", {missing, missing, true}, both, stop(nowhere)},
      {"two empty folders", {empty, empty, true}, both, copy},
      {"an empty one is filled the first time", {empty, filled, false}, both, copy},
      {"an unmounted disk here", {missing, filled, true}, both, stop(local_missing)},
      {"an unmounted disk here, pull", {missing, filled, true}, pull, stop(local_missing)},
      {"an unmounted disk here, push", {missing, filled, true}, push, stop(local_missing)},
      {"an empty mount point here", {empty, filled, true}, both, stop(local_emptied)},
      {"an empty mount point here, push", {empty, filled, true}, push, stop(local_emptied)},
      {"an unmounted disk there", {filled, missing, true}, both, stop(server_missing)},
      {"an empty mount point there", {filled, empty, true}, pull, stop(server_emptied)},
      {"an empty mount point there, push", {filled, empty, true}, push, stop(server_emptied)},
      {"brought back here", {missing, filled, true}, forced(pull), make_local},
      {"filled here again", {empty, filled, true}, forced(both), copy},
      {"filled there again", {filled, missing, true}, forced(push), make_server},
      {"force makes no folder out of nothing", {missing, filled, true}, forced(push), stop(not_here)},
      {"a mirror of an empty source, the first time", {empty, filled, false}, mirror_push, stop(local_emptied)},
      {"a mirror of a missing source, the first time", {missing, filled, false}, mirror_push, stop(local_missing)},
      {"a mirror of an empty server, the first time", {filled, empty, false}, mirror_pull, stop(server_emptied)},
      {"a mirror of a missing server, the first time", {filled, missing, false}, mirror_pull, stop(server_missing)},
      {"a mirror is made", {filled, missing, false}, mirror_push, make_server},
      {"a forced mirror of an empty source", {empty, filled, true}, forced(mirror_push), copy},
      {"a file here", {no_folder, filled, false}, both, stop(local_no_folder)},
      {"a file there", {filled, no_folder, true}, forced(both), stop(server_no_folder)},
      {"closed here", {closed, filled, true}, both, stop(local_closed)},
      {"closed there", {missing, closed, false}, both, stop(server_closed)},
  };
  for (const Row& row : rows) BOOST_TEST((decide(row.facts, row.policy) == row.plan), row.what);
}

BOOST_AUTO_TEST_CASE(never_copies_from_a_lost_side_unless_forced) {
  for (const Root local : sides) {
    for (const Root server : sides) {
      for (const FolderPolicy& policy : {pull, push, both, mirror_pull, mirror_push}) {
        const FolderPlan plan = decide({local, server, true}, policy);
        const bool lost_here = (local == Root::missing || local == Root::empty) && server == Root::filled;
        const bool lost_there = (server == Root::missing || server == Root::empty) && local == Root::filled;
        if (lost_here || lost_there) BOOST_TEST(plan.stop.has_value());
        if (plan.stop) BOOST_TEST((!plan.make_local && !plan.make_server));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(makes_only_what_a_run_may_change) {
  for (const Root local : sides) {
    for (const Root server : sides) {
      for (const bool synced_before : {false, true}) {
        for (const FolderPolicy& policy : {pull, push, both, forced(pull), forced(push), forced(both)}) {
          const FolderPlan plan = decide({local, server, synced_before}, policy);
          BOOST_TEST((!plan.make_local || policy.pull));
          BOOST_TEST((!plan.make_server || policy.push));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
