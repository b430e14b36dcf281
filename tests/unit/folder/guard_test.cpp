#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/process.hpp"
#include "folder/guard.hpp"
#include "folder/root.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using namespace syncmanager::folder;

namespace fs = std::filesystem;

namespace {

/// What runs behind the guard, in the home folder that a login begins in.
Finished guarded(const fs::path& home, const std::string& path, bool for_writing, const std::string& shell = "sh") {
  Command command;
  command.argv = {shell, "-c", guard(path, for_writing) + "echo ran"};
  command.environment = {"PATH=/usr/bin:/bin", "HOME=" + home.string()};
  command.folder = home;
  return run(command, {}, std::chrono::seconds(30));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(guard_before_a_program)

BOOST_AUTO_TEST_CASE(lets_it_run_only_where_the_folder_has_files) {
  const test::TemporaryFolder temporary;
  const fs::path& home = temporary.path();
  const std::string odd = "it's a \"$HOME\" [x]*";
  test::Computer::write(home / odd / "file", "x");
  test::Computer::write(home / "filled" / ".hidden", "x");
  fs::create_directories(home / "ours" / temporary_folder);
  fs::create_directories(home / "empty");
  test::Computer::write(home / "file", "x");
  struct Row {
    std::string path;
    bool runs;
  };
  const Row rows[] = {
      {"filled", true},     {"~/filled", true}, {(home / "filled").string(), true},
      {odd, true},          {"~", true},        {"empty", false},
      {"ours", false},      {"missing", false}, {"file", false},
      {"~/missing", false},
  };
  for (const std::string shell : {"sh", "bash"}) {
    for (const Row& row : rows) {
      Finished finished = guarded(home, row.path, false, shell);
      BOOST_TEST((finished.out == "ran\n") == row.runs, row.path);
      BOOST_TEST(take_guard_line(finished.err) == row.runs, row.path);
      if (row.runs) BOOST_TEST(finished.err == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(wants_the_temporary_folder_where_rsync_writes) {
  const test::TemporaryFolder temporary;
  test::Computer::write(temporary.path() / "a" / "file", "x");
  BOOST_TEST(guarded(temporary.path(), "a", true).out == "");
  fs::create_directories(temporary.path() / "a" / temporary_folder);
  BOOST_TEST(guarded(temporary.path(), "a", true).out == "ran\n");
}

BOOST_AUTO_TEST_SUITE_END()
