// The listing command, by real shells and tools.
#include "git/listing.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"
#include "unit/git/here.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;
using namespace syncmanager::test;
using State = Listing::State;
using Strings = std::vector<std::string>;

/// There is no glimpse at all, and git is asked for all of them.
void check_all_odd(const Here& here) {
  const Sample sample;
  sample.branch("x");
  sample.repo.git({"pack-refs", "--all"});
  const Seen seen = here.list({sample.path(), sample.path()}, all_at_rest);
  BOOST_TEST(seen.glimpses.empty());
  for (const std::size_t place : {0U, 1U}) {
    BOOST_TEST((seen.listings.at(place).state == State::found));
    BOOST_TEST(seen.listings.at(place).branches.size() == 2U);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listing)

BOOST_AUTO_TEST_CASE(finds_repositories_where_git_does) {
  const Here here;
  const Sample sample;
  sample.branch("topic/it's");
  sample.repo.git({"tag", "v1"});
  sample.repo.git({"update-ref", "refs/sync/laptop/heads/x", "HEAD"});
  sample.repo.git({"tag", "--annotate", "--message=x", "v2"});
  const std::string bare = "it's a !repo: * \\t.git";
  sample.repo.git({"clone", "--quiet", "--mirror", ".", here.home() / bare});
  sample.repo.git({"clone", "--quiet", "--mirror", ".", here.home() / "-type"});
  // What a shell that expands too much would find.
  sample.repo.git({"clone", "--quiet", "--mirror", ".", here.home() / "it's a !repo: another t.git"});
  fs::create_directories(here.home() / "missing/packed-refs");
  fs::create_directory(here.home() / "empty");
  const Strings found = {sample.path() + '/', here.home() / bare, bare, "~/it's a !repo: * \\t", "-type"};
  Strings paths = found;
  paths.insert(paths.end(), {here.home() / "none", "none", "~/none", "empty", "~somebody/x", "~"});
  for (const bool at_rest : {true, false}) {
    const Seen seen = here.list(paths, [&](std::size_t) { return at_rest; });
    for (std::size_t place = 0; place < found.size(); ++place) {
      BOOST_TEST_CONTEXT(paths[place]) {
        const Listing& listing = seen.glimpses.at(place);
        BOOST_TEST((listing.state == State::found));
        BOOST_TEST(listing.head == "main");
        BOOST_TEST(listing.branches.size() == 2U);
        BOOST_TEST(listing.branches.at("topic/it's").hex() == sample.first);
        BOOST_TEST(listing.tags.at("v1").hex() == sample.second);
        BOOST_TEST(listing.tags.at("v2").hex() == sample.repo.git({"rev-parse", "v2"}));
        BOOST_TEST((at_rest || same(seen.listings.at(place), listing)));
      }
    }
    BOOST_TEST(seen.glimpses.size() == found.size());
    BOOST_TEST(seen.listings.size() == (at_rest ? 6U : paths.size()));
    for (std::size_t place = found.size(); place < paths.size(); ++place) {
      const bool missing = place < found.size() + 3;
      BOOST_TEST((seen.listings.at(place).state == (missing ? State::missing : State::uncertain)), paths[place]);
    }
  }
}

BOOST_AUTO_TEST_CASE(asks_git_only_for_those_that_are_not_at_rest) {
  const Here here;
  const Sample one;
  const Sample other;
  other.branch("x");
  const Seen seen = here.list({one.path(), other.path(), one.path(), other.path(), one.path()},
                              [](std::size_t place) { return place % 2 == 0; });
  BOOST_TEST(seen.glimpses.size() == 5U);
  BOOST_TEST(seen.listings.size() == 2U);
  for (const std::size_t place : {1U, 3U}) BOOST_TEST(same(seen.listings.at(place), seen.glimpses.at(place)));
}

BOOST_AUTO_TEST_CASE(every_login_shell_hands_the_command_on_unchanged) {
  const Sample sample;
  sample.branch("x");
  sample.repo.git({"pack-refs", "--all"});
  sample.branch("x!y");
  for (const auto* const shell : {"sh", "dash", "bash", "zsh", "mksh", "tcsh", "bsd-csh", "fish"}) {
    const fs::path there = program(shell);
    if (!there.empty()) check_clear(Here(there), sample, shell);
  }
}

BOOST_AUTO_TEST_CASE(works_with_every_sh_find_and_grep) {
  const Sample sample;
  sample.branch("x");
  sample.repo.git({"pack-refs", "--all"});
  sample.branch("y/z");
  for (const auto* const shell : {"dash", "bash", "busybox", "zsh", "mksh"}) {
    for (const bool others : {false, true}) {
      const Tools tools;
      const fs::path busybox = program("busybox");
      if (program(shell).empty() || (others && busybox.empty())) continue;
      tools.link("sh", program(shell));
      for (const auto* const tool : {"find", "grep"}) tools.link(tool, others ? busybox : program(tool));
      for (const auto* const tool : {"git", "printf"}) tools.link(tool, program(tool));
      check_clear(Here("sh", tools.path()), sample, shell + std::string(others ? " with busybox" : ""));
    }
  }
}

BOOST_AUTO_TEST_CASE(tools_that_are_missing_or_end_early_make_all_odd) {
  for (const std::string missing : {"find", "grep", "find grep"}) {
    const Tools tools;
    for (const std::string tool : {"sh", "git", "find", "grep"}) {
      if (missing.find(tool) == std::string::npos) tools.link(tool, program(tool));
    }
    BOOST_TEST_CONTEXT("without " << missing) {
      check_all_odd(Here("sh", tools.path()));
    }
  }
  for (const auto* const tool : {"find", "grep"}) {
    for (const std::string script : {"exit 2", "kill -9 $$", "echo trouble; exit 2", "echo trouble"}) {
      const Tools tools;
      tools.write(tool, script);
      BOOST_TEST_CONTEXT(tool << ": " << script) {
        check_all_odd(Here("sh", tools.path().string() + ":/usr/bin:/bin"));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(options_in_the_servers_environment_leave_nothing_out) {
  const Tools tools;
  tools.write("grep", "exec " + program("grep").string() + " $GREP_OPTIONS \"$@\"\n");  // as it was before 2.21
  Here here("sh", tools.path().string() + ":/usr/bin:/bin");
  here.set("GREP_OPTIONS=-m1");
  const Sample sample;
  sample.branch("x");
  sample.repo.git({"pack-refs", "--all"});
  check_clear(here, sample);
}

BOOST_AUTO_TEST_CASE(says_whether_the_server_has_a_shell) {
  const Tools tools;
  tools.write("no-shell", "echo 'fatal: unrecognized command' >&2; exit 128");
  BOOST_TEST((Here(tools.path() / "no-shell").try_list() == ListResult::no_shell));
  tools.write("silent", "exit 0");
  BOOST_TEST((Here(tools.path() / "silent").try_list() == ListResult::no_shell));
}

BOOST_AUTO_TEST_CASE(an_answer_that_ends_in_the_middle_is_an_error) {
  const Tools tools;
  const Strings scripts = {"echo 'syncmanager listing 2'", "echo 'syncmanager listing 2'; printf '\\t/x\\nloose 0\\n'",
                           "echo 'syncmanager listing 2'; printf '\\t/x\\nloose 1\\npacked 0\\n'; read n; "
                           "printf 'repository 0 x\\n'"};
  for (std::size_t number = 0; number < scripts.size(); ++number) {
    const std::string name = "shell" + std::to_string(number);
    tools.write(name, scripts[number]);
    const Here here(tools.path() / name);
    BOOST_CHECK_EXCEPTION(static_cast<void>(here.try_list()), Error,
                          [](const Error& error) { return error.kind() == ErrorKind::offline; });
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
