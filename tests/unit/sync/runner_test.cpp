#include "sync/runner.hpp"

#include <csignal>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "support/no_threads.hpp"
#include "support/temp_repo.hpp"
#include "unit/sync/no_progress.hpp"

namespace syncmanager::sync {

BOOST_AUTO_TEST_SUITE(runner)

BOOST_AUTO_TEST_CASE(without_threads_all_is_done_one_after_the_other) {
  namespace fs = std::filesystem;
  std::signal(SIGPIPE, SIG_IGN);  // as main does
  const test::TempRepo server;
  server.commit("f", "1");
  const test::TemporaryFolder home;
  // Gets `HOST COMMAND`, as git gives it to a program that is no OpenSSH: such a way to a server has several lanes.
  home.write("own-ssh", "#!/bin/sh\nshift\nexec sh -c \"$*\"\n");
  fs::permissions(home.path() / "own-ssh", fs::perms::owner_all);
  Environment environment;
  environment.home = home.path();
  environment.state_home = home.path() / "state";
  environment.git_ssh_command = (home.path() / "own-ssh").string();
  environment.variables = test::git_environment(home.path());
  Request request;
  request.operation = Operation::pull;
  for (const std::string host : {"one", "two", "three"}) {
    for (int number = 0; number < 8; ++number) {
      Project project;
      project.name = fmt::format("{}-{}", host, number);
      project.path = home.path() / project.name;
      project.url = parse_url(fmt::format("ssh://{}{}", host, server.path().string())).url;
      request.projects.push_back(std::move(project));
    }
  }
  test::NoProgress progress;
  const test::NoThreads no_threads;
  BOOST_CHECK_THROW(std::thread([] {}).join(), std::system_error);
  const RunReport report = run(request, environment, progress);
  BOOST_TEST(report.projects.size() == request.projects.size());
  for (const ProjectOutcome& outcome : report.projects) {
    BOOST_TEST((outcome.status == Status::ok), outcome.name << ": " << outcome.message);
    BOOST_TEST(fs::exists(home.path() / outcome.name / "f"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
