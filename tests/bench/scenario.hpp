// What is measured: each scenario has a file of its own, builds what it needs in the lab, and gives its tables away as
// they are done.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "bench/lab.hpp"
#include "bench/result.hpp"

namespace syncmanager::test {

/// The sizes that the goals are meant for.
struct Settings {
  int rounds = 5;
  int big_rounds = 3;  ///< of big transfers
  int projects = 100;
  int many_projects = 1000;
  int megabytes = 100;
  int commits = 30'000;  ///< of a deep history
  int files = 5'000;     ///< of a folder
  std::chrono::milliseconds round_trip{50};
};

/// Where a scenario reports to.
struct Output {
  std::function<void(const std::string& what)> doing;
  std::function<void(Table table)> done;
};

struct Scenario {
  std::string name;
  std::string about;
  std::function<void(Lab&, const Settings&, const Output&)> run;
};

void nothing_to_do(Lab& lab, const Settings& settings, const Output& output);
void many_projects(Lab& lab, const Settings& settings, const Output& output);
void one_project(Lab& lab, const Settings& settings, const Output& output);
void commit(Lab& lab, const Settings& settings, const Output& output);
void folders(Lab& lab, const Settings& settings, const Output& output);
void big_transfers(Lab& lab, const Settings& settings, const Output& output);
void the_lab_itself(Lab& lab, const Settings& settings, const Output& output);

}  // namespace syncmanager::test
