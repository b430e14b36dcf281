#include "support/program.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace syncmanager::test {
namespace {

[[noreturn]] void become(std::vector<char*>& argv, const char* output, std::vector<std::string>& variables,
                         pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);  // the test died before the line above
  setpgid(0, 0);
  const int null = open("/dev/null", O_RDONLY);
  const int log = open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (null < 0 || log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(126);
  for (std::string& variable : variables) putenv(variable.data());
  signal(SIGPIPE, SIG_DFL);
  execvp(argv[0], argv.data());
  _exit(127);
}

int exit_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Program::Program(const std::vector<std::string>& argv, const std::filesystem::path& output,
                 const std::vector<std::string>& variables) {
  std::vector<std::string> words = argv;
  std::vector<std::string> own_variables = variables;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) become(pointers, output.c_str(), own_variables, parent);
}

Program::~Program() {
  if (!running()) return;
  kill(pid_, SIGTERM);
  for (int tries = 0; tries < 200 && running(); ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (!running()) return;
  kill(pid_, SIGKILL);
  wait();
}

bool Program::running() {
  if (status_ >= 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = exit_status(status);
  return false;
}

int Program::wait() {
  int status = 0;
  if (status_ < 0 && waitpid(pid_, &status, 0) == pid_) status_ = exit_status(status);
  return status_;
}

void run_program(const std::vector<std::string>& argv, const std::vector<std::string>& variables) {
  const TemporaryFolder folder;
  const std::filesystem::path output = folder.path() / "output";
  Program program(argv, output, variables);
  if (program.wait() != 0) throw std::runtime_error(argv.front() + " failed: " + content_of(output));
}

std::vector<pid_t> processes_with(const std::string& text) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    // One that has ended has no command line any more.
    if (content_of(entry.path() / "cmdline").find(text) != std::string::npos) found.push_back(std::stoi(name));
  }
  return found;
}

void wait_until(const std::function<bool()>& condition, const std::string& what, std::chrono::milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("waited in vain until " + what);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

}  // namespace syncmanager::test
