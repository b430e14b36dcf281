// Programs that are timed against each other, in turn, so that what else the machine does meets all of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/result.hpp"

namespace syncmanager::test {

struct Contestant {
  std::string name;
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value", all that it gets
  std::function<void()> prepare = {};    ///< before each run, not timed
  std::function<void()> check = {};      ///< after each run, not timed; throws where the work has not been done
  int rounds = 0;                        ///< where it takes too long for all of them; 0: as many as the others
  double scale = 1;                      ///< as in Row
  double waits = 0;                      ///< seconds of each run in which it waits on purpose, and which don't count
  std::vector<Goal> goals = {};
};

/// Runs each once to warm up and to see how much memory it takes, and then `rounds` times in turn. One that fails is
/// not run again; its row says what it printed.
std::vector<Row> measure(const std::vector<Contestant>& contestants, int rounds);

}  // namespace syncmanager::test
