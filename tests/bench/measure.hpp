// Programs that are timed against each other, in turn, so that what else the machine does meets all of them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace syncmanager::test {

struct Contestant {
  std::string name;
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value", all that it gets
};

struct Measurement {
  std::string name;
  std::vector<double> seconds;  ///< one for each round
  long peak_kib = 0;            ///< the largest resident size of the program or one of its children

  [[nodiscard]] double median() const;
};

/// Runs each once to warm up, and then `rounds` times in turn. Throws std::runtime_error where one of them fails.
std::vector<Measurement> measure(const std::vector<Contestant>& contestants, int rounds);

}  // namespace syncmanager::test
