// Pushes to a real git-receive-pack.
#include "git/receive_pack.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "unit/git/here.hpp"

namespace syncmanager::git {

namespace {

using namespace syncmanager::test;
namespace fs = std::filesystem;

constexpr const char* nothing = "";

/// A repository here, and a bare one on the server that has its first commit on main.
struct Fixture {
  Library library;
  Here here;
  Sample sample;
  Environment environment;
  Repository repository = Repository::open(sample.path()).value();
  std::unique_ptr<ssh::Connection> connection = here.connection();
  std::string bare = (here.home() / "bare.git").string();
  std::string words;
  std::vector<Transfer> transfers;

  Fixture() {
    environment.variables = git_environment(sample.path());
    sample.repo.git({"init", "--quiet", "--bare", bare});
    sample.repo.git({"push", "--quiet", bare, sample.first + ":refs/heads/main"});
  }

  std::vector<PushResult> push(const std::vector<PushedRef>& refs) {
    ReceivePack there(*connection, bare);
    return there.push(
        {environment, repository, nullptr}, refs, [&](const Transfer& transfer) { transfers.push_back(transfer); },
        words);
  }
  [[nodiscard]] static PushedRef ref(const std::string& name, const std::string& from, const std::string& to) {
    return {.name = "refs/heads/" + name, .from = Oid::from_hex(from), .to = Oid::from_hex(to)};
  }
  void hook(const std::string& name, const std::string& script) const {
    const fs::path file = fs::path(bare) / "hooks" / name;
    std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
    fs::permissions(file, fs::perms::owner_all);
  }
  [[nodiscard]] std::string there(const std::string& branch) const {
    return sample.repo.git({"--git-dir", bare, "for-each-ref", "--format=%(objectname)", "refs/heads/" + branch});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(receive_pack, Fixture)

BOOST_AUTO_TEST_CASE(moves_and_makes_refs) {
  const auto results = push({ref("main", sample.first, sample.second), ref("new/topic", nothing, sample.first)});
  BOOST_TEST((results.at(0).pushed == Pushed::yes));
  BOOST_TEST((results.at(1).pushed == Pushed::yes));
  BOOST_TEST(there("main") == sample.second);
  BOOST_TEST(there("new/topic") == sample.first);
  BOOST_TEST(sample.repo.git({"--git-dir", bare, "fsck", "--full"}) == "");
  BOOST_TEST_REQUIRE(!transfers.empty());
  BOOST_TEST(transfers.back().sending);
  BOOST_TEST(transfers.back().objects == transfers.back().total_objects);
}

BOOST_AUTO_TEST_CASE(what_the_server_has_already_is_named_only) {
  BOOST_TEST((push({ref("same", nothing, sample.first)}).at(0).pushed == Pushed::yes));
  BOOST_TEST(there("same") == sample.first);
}

BOOST_AUTO_TEST_CASE(deletes_refs_alone_and_beside_others) {
  push({ref("old", nothing, sample.first), ref("older", nothing, sample.first)});
  BOOST_TEST((push({ref("old", sample.first, nothing)}).at(0).pushed == Pushed::yes));
  BOOST_TEST(there("old") == "");
  const auto results = push({ref("older", sample.first, nothing), ref("older/topic", nothing, sample.second)});
  BOOST_TEST((results.at(0).pushed == Pushed::yes));
  BOOST_TEST((results.at(1).pushed == Pushed::yes), "the name was free by then: " << results.at(1).message);
  BOOST_TEST(there("older/topic") == sample.second);
}

BOOST_AUTO_TEST_CASE(a_ref_that_moved_is_not_deleted) {
  BOOST_TEST((push({ref("main", sample.second, nothing)}).at(0).pushed == Pushed::stale));
  BOOST_TEST(there("main") == sample.first);
}

BOOST_AUTO_TEST_CASE(the_branch_that_the_server_stands_on_is_not_deleted) {
  sample.repo.git({"--git-dir", bare, "symbolic-ref", "HEAD", "refs/heads/main"});
  const auto results = push({ref("main", sample.first, nothing)});
  BOOST_TEST((results.at(0).pushed == Pushed::rejected));
  BOOST_TEST(there("main") == sample.first);
}

BOOST_AUTO_TEST_CASE(parks_and_tells_what_is_parked) {
  const PushedRef parked{
      .name = "refs/sync/laptop/heads/main", .from = std::nullopt, .to = Oid::from_hex(sample.second)};
  BOOST_TEST((push({parked}).at(0).pushed == Pushed::yes));
  const ReceivePack conversation(*connection, bare);
  BOOST_TEST(conversation.listing().parked.at("laptop/heads/main").hex() == sample.second);
}

BOOST_AUTO_TEST_CASE(tells_what_the_server_has) {
  const ReceivePack conversation(*connection, bare);
  BOOST_TEST(conversation.listing().branches.size() == 1U);
  BOOST_TEST(conversation.listing().branches.at("main").hex() == sample.first);
}

BOOST_AUTO_TEST_CASE(a_ref_that_is_not_where_it_was_seen_stays_and_the_others_move) {
  const auto results = push({ref("main", sample.second, sample.second), ref("gone", sample.first, sample.second),
                             ref("new", nothing, sample.second)});
  BOOST_TEST((results.at(0).pushed == Pushed::stale));
  BOOST_TEST((results.at(1).pushed == Pushed::stale));
  BOOST_TEST((results.at(2).pushed == Pushed::yes));
  BOOST_TEST(there("main") == sample.first);
  BOOST_TEST(there("gone") == "");
  BOOST_TEST((push({ref("main", nothing, sample.second)}).at(0).pushed == Pushed::stale));
  BOOST_TEST(there("main") == sample.first);
}

BOOST_AUTO_TEST_CASE(a_ref_that_moves_after_it_was_told_is_not_moved_by_us) {
  ReceivePack conversation(*connection, bare);
  const std::string other =
      sample.repo.git({"commit-tree", "-p", sample.first, "-m", "theirs", sample.first + "^{tree}"});
  sample.repo.git({"push", "--quiet", bare, other + ":refs/heads/main"});
  const auto results =
      conversation.push({environment, repository, nullptr}, {ref("main", sample.first, sample.second)}, {}, words);
  BOOST_TEST((results.at(0).pushed == Pushed::stale));
  BOOST_TEST(words == "");
  BOOST_TEST(there("main") == other);
}

BOOST_AUTO_TEST_CASE(a_ref_that_is_hidden_from_those_who_push_is_refused_in_the_servers_words) {
  sample.repo.git({"--git-dir", bare, "config", "receive.hideRefs", "refs/heads/main"});
  const auto results = push({ref("main", sample.first, sample.second), ref("gone", sample.first, sample.second),
                             ref("new", nothing, sample.second)});
  BOOST_TEST((results.at(0).pushed == Pushed::rejected));
  BOOST_TEST(results.at(0).message == "deny updating a hidden ref");
  BOOST_TEST((results.at(1).pushed == Pushed::stale));
  BOOST_TEST((results.at(2).pushed == Pushed::yes));
  BOOST_TEST(there("main") == sample.first);
}

BOOST_AUTO_TEST_CASE(a_hook_refuses_one_and_says_why) {
  hook("update", "case $1 in */no) echo not this one; exit 1;; esac");
  const auto results = push({ref("no", nothing, sample.second), ref("yes", nothing, sample.second)});
  BOOST_TEST((results.at(0).pushed == Pushed::rejected));
  BOOST_TEST(results.at(0).message == "hook declined");
  BOOST_TEST((results.at(1).pushed == Pushed::yes));
  BOOST_TEST(words.starts_with("not this one\n"), words);
}

BOOST_AUTO_TEST_CASE(hooks_that_run_after_it_are_heard_to_their_end) {
  const fs::path done = here.home() / "done";
  hook("post-receive", "cat >/dev/null; for i in 1 2 3; do echo deploying $i || exit; done; : >" + done.string());
  BOOST_TEST((push({ref("main", sample.first, sample.second)}).at(0).pushed == Pushed::yes));
  BOOST_TEST(words == "deploying 1\ndeploying 2\ndeploying 3\n");
  BOOST_TEST(fs::exists(done));
}

BOOST_AUTO_TEST_CASE(objects_that_the_server_does_not_take_move_nothing) {
  sample.repo.git({"--git-dir", bare, "config", "receive.maxInputSize", "10"});
  const auto results = push({ref("main", sample.first, sample.second)});
  BOOST_TEST((results.at(0).pushed == Pushed::rejected));
  BOOST_TEST(results.at(0).message.starts_with("it could not take the objects: "), results.at(0).message);
  BOOST_TEST(there("main") == sample.first);
}

BOOST_AUTO_TEST_CASE(a_server_without_bands_answers_too) {
  const Tools tools;
  // Hides the capability, as an old server would not have it.
  tools.write("shell", R"(exec 3<&0; sh -c "$2" <&3 | perl -e '
    while (sysread STDIN, $piece, 65536) { $piece =~ s/side-band-64k/side-band-xxx/; syswrite STDOUT, $piece }')");
  const Here old((tools.path() / "shell").string());
  const auto old_connection = old.connection();
  ReceivePack conversation(*old_connection, bare);
  const auto results =
      conversation.push({environment, repository, nullptr}, {ref("main", sample.first, sample.second)}, {}, words);
  BOOST_TEST((results.at(0).pushed == Pushed::yes));
  BOOST_TEST(there("main") == sample.second);
}

BOOST_AUTO_TEST_CASE(a_repository_that_is_not_there_is_an_error_with_the_servers_words) {
  bare += "/none";
  BOOST_CHECK_EXCEPTION(push({ref("main", nothing, sample.first)}), Error, [](const Error& error) {
    return error.kind() == ErrorKind::failed &&
           std::string(error.what()).find("does not appear to be a git repository") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(objects_that_lack_here_are_an_error_and_move_nothing) {
  const std::string tree = sample.repo.git({"rev-parse", sample.second + "^{tree}"});
  fs::remove(sample.file("objects/" + tree.substr(0, 2) + "/" + tree.substr(2)));
  BOOST_CHECK_EXCEPTION(push({ref("main", sample.first, sample.second)}), Error, [](const Error& error) {
    return std::string(error.what()).find("git pack-objects in") != std::string::npos;
  });
  BOOST_TEST(there("main") == sample.first);
}

BOOST_AUTO_TEST_CASE(what_ends_the_transfer_comes_out_as_it_was) {
  ReceivePack conversation(*connection, bare);
  const auto stop = [](const Transfer& /*transfer*/) { throw Error(ErrorKind::interrupted, "interrupted"); };
  BOOST_CHECK_EXCEPTION(
      conversation.push({environment, repository, nullptr}, {ref("main", sample.first, sample.second)}, stop, words),
      Error, [](const Error& error) { return error.kind() == ErrorKind::interrupted; });
  BOOST_TEST(there("main") == sample.first);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
