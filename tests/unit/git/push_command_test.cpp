#include "git/push_command.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/library.hpp"
#include "support/program.hpp"
#include "support/small_stack.hpp"
#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::git {

namespace {

std::vector<PushedRef> refs(const std::vector<std::string>& names) {
  std::vector<PushedRef> refs;
  for (const std::string& name : names) refs.push_back({.name = name, .from = std::nullopt, .to = {}});
  return refs;
}

/// A repository and an empty one on the same computer that it pushes to.
struct Pushing {
  test::TempRepo repo;
  test::TemporaryFolder folder;
  Library library;
  std::string tip = repo.commit("f", "1");
  Repository repository = Repository::open(repo.path()).value();
  Environment environment = clean_environment();
  GitWay way;
  std::filesystem::path count = folder.path() / "count";
  std::string words;

  Pushing() {
    way.environment = &environment;
    way.url = server_folder().string();
    repo.git({"init", "--quiet", "--bare", server_folder().string()});
  }

  [[nodiscard]] Environment clean_environment() const {
    Environment clean;
    clean.variables = test::git_environment(folder.path());
    return clean;
  }
  [[nodiscard]] std::filesystem::path server_folder() const { return folder.path() / "server.git"; }
  [[nodiscard]] std::string server(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--git-dir", server_folder().string()});
    return repo.git(arguments);
  }
  /// Writes a hook that runs these commands.
  static void hook(const std::filesystem::path& file, const std::string& script) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  /// Refs with long names to be made on the server.
  [[nodiscard]] std::vector<PushedRef> new_branches(int number) const {
    std::vector<PushedRef> refs;
    for (int i = 0; i < number; ++i) {
      const std::string name = "refs/heads/" + std::string(200, 'x') + std::to_string(i);
      refs.push_back({.name = name, .from = std::nullopt, .to = Oid::from_hex(tip)});
    }
    return refs;
  }
  /// How often the pre-push hook has counted.
  [[nodiscard]] std::size_t pushes() const { return lines_of(test::content_of(count)).size(); }
};

/// As many lines as TempRepo::git returns them, without the last line feed.
std::string lines(std::size_t number, const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < number; ++i) text += (i == 0 ? "" : "\n") + line;
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(push_command)

BOOST_AUTO_TEST_CASE(reads_what_became_of_each_ref) {
  struct Row {
    std::string line;
    Pushed pushed;
    std::string message;
  };
  const std::vector<Row> rows = {
      {" \tabc:refs/heads/x\tabc..def", Pushed::yes, ""},
      {"+\tabc:refs/heads/x\tabc...def (forced update)", Pushed::yes, ""},
      {"*\tabc:refs/heads/x\t[new branch]", Pushed::yes, ""},
      {"=\tabc:refs/heads/x\t[up to date]", Pushed::yes, ""},
      {"-\t:refs/heads/x\t[deleted]", Pushed::yes, ""},
      {"!\tabc:refs/heads/x\t[rejected] (stale info)", Pushed::stale, ""},
      {"!\tabc:refs/heads/x\t[remote rejected] (hook declined)", Pushed::rejected, "hook declined"},
      {"!\tabc:refs/heads/x\t[remote rejected] (no (really not))", Pushed::rejected, "no (really not)"},
      {"!\tabc:refs/heads/x\t[remote failure] (remote failed to report status)", Pushed::untold,
       "the server did not say what became of it"},
      {"!\tabc:refs/heads/x\tno reason", Pushed::rejected, "no reason"},
  };
  for (const Row& row : rows) {
    const auto results = parse_push_porcelain("To ssh://server/x\n" + row.line + "\nDone\n", refs({"refs/heads/x"}));
    BOOST_TEST((results.at(0).pushed == row.pushed), row.line);
    BOOST_TEST(results.at(0).message == row.message);
  }
}

BOOST_AUTO_TEST_CASE(a_ref_of_which_nothing_is_said_is_untold) {
  const auto results = parse_push_porcelain("*\ta:refs/heads/y\t[new branch]\n!\tnonsense\n", refs({"refs/heads/x"}));
  BOOST_TEST((results.at(0).pushed == Pushed::untold));
  BOOST_TEST(!results.at(0).message.empty());
}

BOOST_FIXTURE_TEST_CASE(deletes_a_branch_only_where_it_was_seen, Pushing) {
  const auto push = [&](const std::string& from) {
    const std::vector<PushedRef> gone = {{.name = "refs/heads/x", .from = Oid::from_hex(from), .to = std::nullopt}};
    return push_with_git(way, repository, gone, {}, words).at(0).pushed;
  };
  repo.git({"push", "--quiet", way.url, "main:x"});
  const std::string later = repo.commit("f", "2");
  BOOST_TEST((push(later) == Pushed::stale));
  BOOST_TEST(server({"rev-parse", "x"}) == tip);
  BOOST_TEST((push(tip) == Pushed::yes));
  BOOST_TEST(server({"for-each-ref"}) == "");
}

BOOST_FIXTURE_TEST_CASE(submodules_are_not_pushed_along, Pushing) {
  const test::TempRepo inner;
  inner.commit("f", "1");
  const std::filesystem::path inner_server = folder.path() / "inner.git";
  repo.git({"clone", "--quiet", "--bare", inner.path().string(), inner_server.string()});
  repo.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner_server.string(), "sub"});
  repo.git({"-C", "sub", "commit", "--quiet", "--allow-empty", "--message=x"});
  repo.git({"config", "submodule.recurse", "true"});
  repo.git({"config", "push.recurseSubmodules", "on-demand"});
  repo.git({"add", "sub"});
  repo.git({"commit", "--quiet", "--message=x"});
  const std::string seen = repo.git({"ls-remote", inner_server.string()});
  const std::vector<PushedRef> refs = {
      {.name = "refs/heads/main", .from = std::nullopt, .to = Oid::from_hex(repo.git({"rev-parse", "HEAD"}))}};
  BOOST_TEST((push_with_git(way, repository, refs, {}, words).at(0).pushed == Pushed::yes));
  BOOST_TEST(repo.git({"ls-remote", inner_server.string()}) == seen);
}

BOOST_FIXTURE_TEST_CASE(more_branches_than_a_command_line_holds_go_in_several_pushes, Pushing) {
  const test::SmallStack small;
  const std::vector<PushedRef> many = new_branches(400);
  hook(server_folder() / "hooks/update", "case $1 in *7) exit 1;; esac");
  hook(repo.git_folder() / "hooks/pre-push", "wc -l >>" + count.string());
  const auto results = push_with_git(way, repository, many, {}, words);
  BOOST_REQUIRE(results.size() == many.size());
  for (std::size_t i = 0; i < many.size(); ++i) {
    const bool refused = many[i].name.back() == '7';
    BOOST_TEST((results[i].pushed == (refused ? Pushed::rejected : Pushed::yes)), many[i].name);
  }
  BOOST_TEST(server({"for-each-ref", "--count=400", "--format=x"}) == lines(360, "x"));
  BOOST_TEST(pushes() > 1);
  BOOST_TEST(pushes() < 10);
}

BOOST_FIXTURE_TEST_CASE(what_was_pushed_before_a_failure_is_told, Pushing) {
  const test::SmallStack small;
  const std::vector<PushedRef> many = new_branches(400);
  hook(server_folder() / "hooks/post-receive", "rm -rf " + server_folder().string());
  const auto results = push_with_git(way, repository, many, {}, words);
  BOOST_REQUIRE(results.size() == many.size());
  const auto first_left = std::ranges::find(results, Pushed::untold, &PushResult::pushed);
  const auto done = first_left - results.begin();
  BOOST_TEST(done > 0);
  BOOST_TEST((first_left != results.end()));
  BOOST_TEST(std::all_of(results.begin(), first_left, [](const auto& one) { return one.pushed == Pushed::yes; }));
  for (auto one = first_left; one != results.end(); ++one) {
    BOOST_TEST((one->pushed == Pushed::untold));
    BOOST_TEST(one->message.find("does not appear to be a git repository") != std::string::npos, one->message);
  }
}

BOOST_FIXTURE_TEST_CASE(a_hook_that_refuses_some_refs_stops_no_others, Pushing) {
  std::vector<PushedRef> refs;
  for (const std::string name : {"a", "bad-1", "b", "c", "d", "bad-2", "e", "f"}) {
    refs.push_back({.name = "refs/heads/" + name, .from = std::nullopt, .to = Oid::from_hex(tip)});
  }
  hook(repo.git_folder() / "hooks/pre-push",
       "while read -r local oid remote old; do case $remote in *bad*) echo \"no $remote\" >&2; exit 1;; esac; done");
  const auto results = push_with_git(way, repository, refs, {}, words);
  BOOST_REQUIRE(results.size() == refs.size());
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const bool bad = refs[i].name.find("bad") != std::string::npos;
    BOOST_TEST((results[i].pushed == (bad ? Pushed::held_back : Pushed::yes)), refs[i].name);
    BOOST_TEST(results[i].message == (bad ? "no " + refs[i].name : ""));
  }
  BOOST_TEST(server({"for-each-ref", "--format=x"}) == lines(6, "x"));
}

BOOST_FIXTURE_TEST_CASE(a_hook_that_refuses_everything_is_not_asked_for_ever, Pushing) {
  hook(repo.git_folder() / "hooks/pre-push", "wc -l >>" + count.string() + "; echo enough >&2; exit 1");
  const auto results = push_with_git(way, repository, new_branches(100), {}, words);
  BOOST_TEST(results.size() == 100U);
  for (const PushResult& result : results) {
    BOOST_TEST((result.pushed == Pushed::held_back));
    BOOST_TEST(result.message == "enough");
  }
  BOOST_TEST(pushes() < 40);
}

BOOST_FIXTURE_TEST_CASE(the_words_of_a_hook_are_not_taken_for_the_servers, Pushing) {
  hook(repo.git_folder() / "hooks/pre-push", "echo the test server: Connection refused >&2; exit 1");
  const auto results = push_with_git(way, repository, new_branches(1), {}, words);
  BOOST_TEST((results.at(0).pushed == Pushed::held_back));
  BOOST_TEST(results.at(0).message == "the test server: Connection refused");
  hook(repo.git_folder() / "hooks/pre-push", "exit 1");
  BOOST_TEST(push_with_git(way, repository, new_branches(1), {}, words).at(0).message == "it does not say why");
}

BOOST_FIXTURE_TEST_CASE(another_push_that_was_quicker_makes_it_stale, Pushing) {
  repo.git({"push", "--quiet", way.url, "main:x"});
  const Oid seen = *Oid::from_hex(tip);
  const Oid ours = *Oid::from_hex(repo.commit("f", "2"));
  repo.git({"push", "--quiet", way.url, "main:other"});
  repo.git({"reset", "--quiet", "--hard", seen.hex()});
  const Oid more = *Oid::from_hex(repo.commit("f", "3"));
  hook(server_folder() / "hooks/pre-receive",
       "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY; git update-ref refs/heads/x " + ours.hex());
  const auto results = push_with_git(way, repository, std::vector<PushedRef>{{"refs/heads/x", seen, more}}, {}, words);
  BOOST_TEST((results.at(0).pushed == Pushed::stale), results.at(0).message);
  BOOST_TEST(words == "");
}

BOOST_FIXTURE_TEST_CASE(a_server_that_stops_taking_objects_is_given_up, Pushing) {
  // What would be ssh lets a part of the objects through, and then nothing.
  const std::filesystem::path ssh = folder.path() / "ssh";
  hook(ssh, "for command; do :; done; { head -c 100000; exec sleep 600; } | sh -c \"$command\"");
  way.ssh_command = ssh.string();
  way.settings = {"ssh.variant=simple"};
  way.url = "ssh://server" + way.url;
  way.silence = std::chrono::seconds(1);
  std::string noise(2'000'000, ' ');
  std::mt19937 random;  // NOLINT(cert-msc51-cpp): the same bytes each time will do
  for (char& byte : noise) byte = static_cast<char>(random());
  tip = repo.commit("noise", noise);
  BOOST_CHECK_EXCEPTION(push_with_git(way, repository, new_branches(1), {}, words), Error,
                        [](const Error& error) { return error.kind() == ErrorKind::timeout; });
}

BOOST_FIXTURE_TEST_CASE(a_push_of_which_nothing_arrives_is_an_error, Pushing) {
  hook(repo.git_folder() / "hooks/pre-push", "exit 0");
  way.url += "/none";
  BOOST_CHECK_EXCEPTION(push_with_git(way, repository, new_branches(1), {}, words), Error, [&](const Error& error) {
    const std::string message = error.what();
    return message.find("does not appear to be a git repository") != std::string::npos &&
           message.find("hook") == std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
