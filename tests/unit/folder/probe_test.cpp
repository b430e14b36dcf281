#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "folder/probe.hpp"
#include "ssh/child_channel.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using namespace syncmanager::folder;

namespace fs = std::filesystem;

namespace {

/// A shell on this computer, whose home folder is `home`.
ssh::ChildConnection shell(const fs::path& home, const std::string& program = "sh") {
  ssh::ChildSetup setup;
  setup.environment = {"PATH=/usr/bin:/bin", "HOME=" + home.string()};
  setup.name = "this computer";
  return {std::move(setup), {program, "-c"}, 1};
}

std::string problem_of(std::string_view text, const Question& question) {
  try {
    parse_answer(text, question);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probe)

BOOST_AUTO_TEST_CASE(tells_what_stands_at_each_root_over_there) {
  const test::TemporaryFolder temporary;
  const fs::path& home = temporary.path();
  const std::string odd = "it's a \"$HOME\" `x` \\ [a-b]* -n \\n\\c\xff";
  test::Computer::write(home / odd / "file", "x");
  test::Computer::write(home / "filled" / ".hidden", "x");
  test::Computer::write(home / "ours" / backup_folder / "2026-11-24T22-57-26.123Z" / "file", "x");
  fs::create_directories(home / "ours" / temporary_folder);
  fs::create_directories(home / "empty");
  test::Computer::write(home / "file", "x");
  fs::create_symlink("nowhere", home / "dangling");
  auto connection = shell(home);
  const Question question{
      .paths = {(home / "filled").string(), "~/filled", "ours", "empty", "~", "file", "dangling", "missing", odd},
      .programs = {"echo 1.2", "no-such-program --version", "echo; echo 2"}};
  const Answer answer = folder::probe(connection, question);
  const std::vector<std::pair<Root, std::string>> expected = {
      {Root::filled, "/filled"},      {Root::filled, "/filled"},   {Root::empty, "/ours"},
      {Root::empty, "/empty"},        {Root::filled, ""},          {Root::no_folder, "/file"},
      {Root::no_folder, "/dangling"}, {Root::missing, "/missing"}, {Root::filled, "/" + odd}};
  BOOST_REQUIRE(answer.roots.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST((answer.roots[i].root == expected[i].first), question.paths[i]);
    BOOST_TEST(answer.roots[i].path == home.string() + expected[i].second);
  }
  BOOST_TEST(!answer.roots[0].has_temporary);
  BOOST_TEST(answer.roots[2].has_temporary);
  const std::vector<std::string> backups = {"2026-11-24T22-57-26.123Z"};
  BOOST_TEST(answer.roots[2].backups == backups, boost::test_tools::per_element());
  const std::vector<std::string> programs = {"1.2", "", ""};
  BOOST_TEST(answer.programs == programs, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(makes_a_root_ready_over_there) {
  const test::TemporaryFolder temporary;
  const std::string folder = (temporary.path() / "it's" / "new").string();
  auto connection = shell(temporary.path());
  folder::prepare_root(connection, folder,
                       {.make_root = true, .make_temporary = true, .clear_temporary = false, .expired = {}});
  BOOST_TEST(fs::is_directory(fs::path(folder) / temporary_folder));
  test::Computer::write(fs::path(folder) / backup_folder / "old" / "file", "x");
  folder::prepare_root(connection, folder,
                       {.make_root = false, .make_temporary = false, .clear_temporary = false, .expired = {"old"}});
  test::wait_until([&] { return !fs::exists(fs::path(folder) / backup_folder / "old"); }, "the old backup to go");
}

BOOST_AUTO_TEST_CASE(clears_away_over_there_what_no_run_will_finish) {
  const test::TemporaryFolder temporary;
  const fs::path root = temporary.path() / "a";
  const fs::path old = root / temporary_folder / ".big.Ab12Cd";
  const fs::path young = root / temporary_folder / ".big.Ef34Gh";
  for (const fs::path& file : {old, young, root / "old"}) test::Computer::write(file, "x");
  for (const fs::path& file : {old, root / "old"}) {
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(50));
  }
  auto connection = shell(temporary.path());
  const Question question{.paths = {root.string()}, .programs = {}};
  BOOST_TEST(folder::probe(connection, question).roots.front().has_leftovers);
  BOOST_TEST(look_at_root(root).has_leftovers);
  folder::prepare_root(connection, root.string(),
                       {.make_root = false, .make_temporary = false, .clear_temporary = true, .expired = {}});
  test::wait_until([&] { return !fs::exists(old); }, "the leftover to go");
  BOOST_TEST(fs::exists(young));
  BOOST_TEST(fs::exists(root / "old"));
  BOOST_TEST(!folder::probe(connection, question).roots.front().has_leftovers);
  BOOST_TEST(!look_at_root(root).has_leftovers);
}

BOOST_AUTO_TEST_CASE(says_why_a_root_cannot_be_made_over_there) {
  const test::TemporaryFolder temporary;
  test::Computer::write(temporary.path() / "file", "x");
  auto connection = shell(temporary.path());
  const std::string below = (temporary.path() / "file" / "below").string();
  const auto names_it = [&](const Error& error) {
    return test::contains(error.what(), "cannot make the folder " + below) &&
           test::contains(error.what(), "Not a directory");
  };
  BOOST_CHECK_EXCEPTION(
      folder::prepare_root(connection, below,
                           {.make_root = true, .make_temporary = true, .clear_temporary = false, .expired = {}}),
      Error, names_it);
}

BOOST_AUTO_TEST_CASE(refuses_answers_that_are_none) {
  const Question one{.paths = {"a"}, .programs = {}};
  struct Row {
    std::string_view text;
    std::string problem;
  };
  const std::string nonsense = "the server answered nonsense about its folders: ";
  const std::string endless = "syncmanager folders 1\nprogram " + std::string(20'000, 'x') + "\nbye\n";
  const Row rows[] = {
      {"syncmanager folders 1\nroot filled\npath /a\nbye\n", ""},
      {"", "the server runs no commands of ours"},
      {"This account is not available.\n",
       "the server runs no commands of ours: it says This account is not available."},
      {"syncmanager folders 1\nroot filled\npath /a\n", "the server's look at its folders ended in the middle"},
      {endless, nonsense + "program " + std::string(189, 'x') + "..."},
      {"syncmanager folders 1\nroot filled\npath \nbye\n", nonsense + "bye"},
      {"syncmanager folders 1\nroot filled\npath etc\nbye\n", nonsense + "bye"},
      {"syncmanager folders 1\nroot full\nbye\n", nonsense + "root full"},
      {"syncmanager folders 1\npath /a\nbye\n", nonsense + "path /a"},
      {"syncmanager folders 1\nroot empty\nwhat\nbye\n", nonsense + "what"},
      {"syncmanager folders 1\nbye\n", nonsense + "bye"},
      {"syncmanager folders 1\nroot empty\npath /a\nroot empty\npath /b\nbye\n", nonsense + "bye"},
      {"syncmanager folders 1\nprogram x\nroot empty\npath /a\nbye\n", nonsense + "bye"},
  };
  for (const Row& row : rows) BOOST_TEST(problem_of(row.text, one) == row.problem, row.text);
}

BOOST_AUTO_TEST_SUITE_END()
