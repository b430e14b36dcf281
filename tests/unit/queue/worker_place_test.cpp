#include "queue/worker_place.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::queue {

namespace {

namespace fs = std::filesystem;

/// An executable script.
fs::path script(const fs::path& path, const std::string& lines) {
  test::run_program({"sh", "-c", "printf '#!/bin/sh\\n%s\\n' \"$2\" >\"$1\" && chmod 700 \"$1\"", "sh", path, lines});
  return path;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(worker_place)

BOOST_AUTO_TEST_CASE(it_works_while_somebody_holds_its_lock) {
  const test::TemporaryFolder folder;
  BOOST_TEST(!is_working(folder.path()));
  {
    const auto lock = FileLock::acquire(worker_lock(folder.path()), "worker", std::chrono::milliseconds(0));
    BOOST_REQUIRE(lock);
    BOOST_TEST(is_working(folder.path()));
  }
  BOOST_TEST(!is_working(folder.path()));
}

BOOST_AUTO_TEST_CASE(of_gits_variables_only_the_ways_to_servers_are_kept) {
  const char* const variables[] = {"HOME=/home/jane",
                                   "GIT_DIR=.git",
                                   "GIT_INDEX_FILE=.git/index",
                                   "GIT_AUTHOR_DATE=@1 +0000",
                                   "GIT_EDITOR=:",
                                   "GIT_SSH_COMMAND=ssh -4",
                                   "GIT_SSL_CAINFO=/ca.pem",
                                   "GIT_CONFIG_PARAMETERS='x.y=1'",
                                   "GIT_CONFIG_GLOBAL=/dev/null",
                                   "SSH_AUTH_SOCK=/agent",
                                   nullptr};
  const std::vector<std::string> expected = {"HOME=/home/jane", "GIT_SSH_COMMAND=ssh -4", "GIT_SSL_CAINFO=/ca.pem",
                                             "GIT_CONFIG_GLOBAL=/dev/null", "SSH_AUTH_SOCK=/agent"};
  BOOST_TEST(worker_environment(variables) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_inherits_nothing_and_is_nobodys_child) {
  const test::TemporaryFolder folder;
  const fs::path told = folder.path() / "told";
  const fs::path program =
      script(folder.path() / "worker",
             "{ readlink /proc/$$/fd/0; readlink /proc/$$/fd/2; pwd; cut -d\" \" -f6 /proc/$$/stat; "
             "echo \"$VALUE\"; ls -l /proc/$$/fd; } >$TOLD.half; mv $TOLD.half $TOLD");
  const int leaked = open("/dev/zero", O_RDONLY);  // without close-on-exec
  BOOST_REQUIRE(leaked >= 0);
  BOOST_TEST(start_detached(program, {"PATH=/usr/bin:/bin", "TOLD=" + told.string(), "VALUE=a b"}));
  close(leaked);
  test::wait_until([&] { return fs::exists(told); }, "the program has run");
  const std::string text = test::content_of(told);
  BOOST_TEST(text.starts_with("/dev/null\n/dev/null\n/\n"), text);
  BOOST_TEST(text.find("\n" + std::to_string(getsid(0)) + "\n") == std::string::npos, text);
  BOOST_TEST(text.find("\na b\n") != std::string::npos, text);
  BOOST_TEST(text.find("/dev/zero") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_program_that_is_missing_is_an_error) {
  const test::TemporaryFolder folder;
  const char* const nothing[] = {nullptr};
  BOOST_CHECK_EXCEPTION(wake_worker(folder.path() / "none", folder.path(), nothing), Error, [](const Error& error) {
    return std::string(error.what()).ends_with("/none: No such file or directory");
  });
}

BOOST_AUTO_TEST_CASE(one_that_works_is_not_started_again) {
  const test::TemporaryFolder folder;
  const auto lock = FileLock::acquire(worker_lock(folder.path()), "worker", std::chrono::milliseconds(0));
  const char* const nothing[] = {nullptr};
  BOOST_CHECK_NO_THROW(wake_worker(folder.path() / "none", folder.path(), nothing));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::queue
