#include "sync/view.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "git/library.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::sync {

namespace {

struct Fixture {
  git::Library library;
  test::TempRepo repo;
  Oid first = *Oid::from_hex(repo.commit("f", "1"));
  Oid second = *Oid::from_hex(repo.commit("f", "2"));
  Oid unknown = *Oid::from_hex(std::string(40, 'e'));
  git::Repository repository = *git::Repository::open(repo.path());
  Project project;
  View view = quiet();

  /// Both sides, the record and the tracking refs agree.
  [[nodiscard]] View quiet() const {
    View quiet;
    quiet.local.branches = {{"main", second}};
    quiet.local.tracking = {{"main", second}};
    quiet.local.tracking_head = "main";
    quiet.server.branches = {{"main", second}};
    quiet.server.head = "main";
    quiet.server.state = git::Listing::State::found;
    quiet.base.tips = {{"main", second}};
    return quiet;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(view_of_both_sides, Fixture)

BOOST_AUTO_TEST_CASE(rests_only_where_everything_agrees) {
  BOOST_TEST(at_rest(view, project));
  const auto differs = [&](auto change) {
    View other = quiet();
    change(other);
    return !at_rest(other, project);
  };
  BOOST_TEST(differs([&](View& v) { v.local.branches["main"] = first; }));
  BOOST_TEST(differs([&](View& v) { v.server.branches["main"] = first; }));
  BOOST_TEST(differs([&](View& v) { v.base.tips.clear(); }));
  BOOST_TEST(differs([&](View& v) { v.local.tracking["main"] = first; }));
  BOOST_TEST(differs([&](View& v) { v.local.tracking["gone"] = first; }));
  BOOST_TEST(differs([&](View& v) { v.local.tracking_head = "other"; }));
  BOOST_TEST(differs([&](View& v) { v.local.branches["new"] = first; }));
  BOOST_TEST(differs([&](View& v) { v.base.tips["gone"] = first; }));
  BOOST_TEST(differs([&](View& v) { v.server.tags["v1"] = first; }));
}

BOOST_AUTO_TEST_CASE(what_is_not_selected_does_not_disturb_the_rest) {
  project.branches = BranchFilter({"main"});
  project.tags = false;
  view.local.branches["other"] = first;
  view.local.tracking["elsewhere"] = first;
  view.server.tags["v1"] = first;
  BOOST_TEST(at_rest(view, project));
  BOOST_TEST((branch_names(view, project) == std::set<std::string>{"main"}));
  BOOST_TEST(tag_names(view, project).empty());
}

BOOST_AUTO_TEST_CASE(gathers_the_facts_of_a_branch) {
  view.local.branches["main"] = first;
  view.worktrees.checked_out["main"] = repo.path();
  const BranchFacts facts = branch_facts(view, repository, repository, "main");
  BOOST_TEST((facts.local_to_base == Relation::before));
  BOOST_TEST((facts.server_to_base == Relation::same));
  BOOST_TEST((facts.local_to_server == Relation::before));
  BOOST_TEST(facts.checked_out);
  BOOST_TEST(facts.server_default);
  BOOST_TEST(!facts.busy);
}

BOOST_AUTO_TEST_CASE(an_alias_is_busy_with_the_branch_that_it_stands_for) {
  repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  view.local = repository.refs("origin");
  BOOST_TEST(branch_facts(view, repository, repository, "alias").alias_of == "refs/heads/main");
  BOOST_TEST(branch_facts(view, repository, repository, "main").alias_of == "");
  BOOST_TEST(!branch_facts(view, repository, repository, "alias").busy);
  view.worktrees.busy["main"] = "rebase";
  BOOST_TEST(branch_facts(view, repository, repository, "alias").busy);
}

BOOST_AUTO_TEST_CASE(a_server_without_branches_is_no_witness_of_deletions) {
  view.server.branches.clear();
  BOOST_TEST(!branch_facts(view, repository, repository, "main").base);
  BOOST_TEST(next_base(view, project).tips.contains("main"));
}

BOOST_AUTO_TEST_CASE(a_base_that_git_has_forgotten_is_none) {
  view.base.tips["main"] = unknown;
  BOOST_TEST(!branch_facts(view, repository, repository, "main").base);
}

BOOST_AUTO_TEST_CASE(a_branch_that_can_not_be_read_is_not_taken_for_deleted) {
  repo.git({"branch", "victim"});
  repo.write(".git/refs/heads/victim", "");
  view.base.tips["victim"] = second;
  view.server.branches["victim"] = second;
  BOOST_CHECK_THROW(branch_facts(view, repository, repository, "victim"), Error);
  view.base.tips.erase("victim");
  BOOST_CHECK_THROW(branch_facts(view, repository, repository, "victim"), Error);
}

BOOST_AUTO_TEST_CASE(a_tag_that_can_not_be_read_is_not_taken_for_a_missing_one) {
  repo.git({"tag", "victim"});
  repo.write(".git/refs/tags/victim", "");
  view.server.tags["victim"] = second;
  BOOST_CHECK_THROW(tag_facts(view, repository, "victim"), Error);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_read_is_seen_where_only_a_copy_is_worked_on) {
  const test::TempRepo copy;
  const git::Repository objects = *git::Repository::open(copy.path());
  repo.git({"branch", "victim"});
  repo.write(".git/refs/heads/victim", "");
  view.server.branches["victim"] = second;
  BOOST_CHECK_THROW(branch_facts(view, objects, repository, "victim"), Error);
}

BOOST_AUTO_TEST_CASE(asks_only_for_what_the_step_needs) {
  view.server.branches = {{"main", unknown}, {"new", unknown}};
  view.server.tags = {{"v1", unknown}};
  const git::RefMap all = {{"refs/heads/main", unknown}, {"refs/heads/new", unknown}, {"refs/tags/v1", unknown}};
  BOOST_TEST((needed_tips(view, project, Verb::pull) == all));
  BOOST_TEST(needed_tips(view, project, Verb::push).empty());
  view.base.tips["main"] = first;  // moved here as well: a push must know how the two stand
  BOOST_TEST((needed_tips(view, project, Verb::push) == git::RefMap{{"refs/heads/main", unknown}}));
}

BOOST_AUTO_TEST_CASE(remembers_what_both_have_and_forgets_what_neither_has) {
  view.local.branches = {{"main", second}, {"mine", first}};
  view.server.branches = {{"main", second}, {"theirs", first}};
  view.base.tips = {{"main", first}, {"gone", first}, {"mine", first}};
  const git::RefMap expected = {{"main", second}, {"mine", first}};
  BOOST_TEST((next_base(view, project).tips == expected));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
