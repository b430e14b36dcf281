// Programs that tests keep running beside them (servers, agents) or run once (key generators). They die with the test,
// even when it crashes. Not base/process: a test's tools must not depend on what is being tested.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace syncmanager::test {

/// A program in the background, its output appended to a file; the destructor ends it.
class Program {
 public:
  /// `variables` ("NAME=value") come on top of this process's environment. Throws std::runtime_error.
  Program(const std::vector<std::string>& argv, const std::filesystem::path& output,
          const std::vector<std::string>& variables = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();
  /// Waits for its end; the exit status, or 128 + the signal's number.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = -1;
};

/// Runs a program to its end and throws std::runtime_error, with what it printed, unless it exits with 0.
void run_program(const std::vector<std::string>& argv, const std::vector<std::string>& variables = {});

/// The processes of all users, without those that have ended, whose command line holds this text.
std::vector<pid_t> processes_with(const std::string& text);

/// Looks again and again until `condition` holds; throws std::runtime_error naming `what` after `longest`.
void wait_until(const std::function<bool()>& condition, const std::string& what,
                std::chrono::milliseconds longest = std::chrono::seconds(10));

/// The whole file; empty where there is none.
std::string content_of(const std::filesystem::path& file);

}  // namespace syncmanager::test
