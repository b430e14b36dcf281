#include "support/terminal.hpp"

#include <array>
#include <csignal>
#include <stdexcept>

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace syncmanager::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

/// All that comes until the other end is closed.
std::string talk(int terminal, const std::vector<Answer>& answers) {
  constexpr int longest_silence = 30'000;
  std::string out;
  std::size_t next = 0;
  std::size_t seen = 0;
  std::array<char, 4096> buffer{};
  for (;;) {
    pollfd polled{terminal, POLLIN, 0};
    if (poll(&polled, 1, longest_silence) == 0) throw std::runtime_error("silence on the terminal after: " + out);
    const ssize_t count = read(terminal, buffer.data(), buffer.size());
    if (count <= 0) return out;  // EIO: nobody has the terminal open any more
    out.append(buffer.data(), static_cast<std::size_t>(count));
    while (next < answers.size()) {
      const auto at = out.find(answers[next].question, seen);
      if (at == std::string::npos) break;
      seen = at + answers[next].question.size();
      const std::string text = answers[next++].answer + '\n';
      if (write(terminal, text.data(), text.size()) < 0) throw std::runtime_error("cannot type");
    }
  }
}

}  // namespace

Finished run_on_terminal(const Command& command, const std::vector<Answer>& answers) {
  std::vector<std::string> argv = command.argv;
  std::vector<std::string> environment = command.environment;
  const std::vector<char*> arguments = pointers(argv);
  const std::vector<char*> variables = pointers(environment);
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child < 0) throw std::runtime_error("cannot make a terminal");
  if (child == 0) {
    if (chdir(command.folder.c_str()) == 0) execve(arguments.front(), arguments.data(), variables.data());
    _exit(127);
  }
  Finished finished;
  try {
    finished.out = talk(terminal, answers);
  } catch (const std::runtime_error&) {
    kill(-child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(terminal);
    throw;
  }
  close(terminal);
  int status = 0;
  waitpid(child, &status, 0);
  finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

}  // namespace syncmanager::test
