// A program at a terminal of its own, with somebody who answers its questions.
#pragma once

#include <string>
#include <vector>

#include "base/process.hpp"

namespace syncmanager::test {

/// When the program has printed `question`, `answer` is typed, with a line feed. Each in turn, once.
struct Answer {
  std::string question;
  std::string answer;
};

/// Runs the command in a session with a pseudo terminal as its three streams. All that it printed is in `out`. Throws
/// std::runtime_error where it neither ends nor prints anything for half a minute.
Finished run_on_terminal(const Command& command, const std::vector<Answer>& answers);

}  // namespace syncmanager::test
