#include "bench/measure.hpp"

#include <algorithm>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace syncmanager::test {

namespace {

struct Run {
  double seconds = 0;
  long peak_kib = 0;
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

Run run_once(const Contestant& contestant) {
  std::vector<std::string> argv = contestant.argv;
  std::vector<std::string> environment = contestant.environment;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);

  const auto begin = std::chrono::steady_clock::now();
  pid_t pid = -1;
  const int error =
      posix_spawnp(&pid, argv.front().c_str(), &actions, nullptr, pointers(argv).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage usage{};
  if (error != 0 || wait4(pid, &status, 0, &usage) != pid || status != 0) {
    throw std::runtime_error(contestant.name + " failed");
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  return {elapsed.count(), usage.ru_maxrss};
}

}  // namespace

double Measurement::median() const {
  std::vector<double> sorted = seconds;
  std::ranges::sort(sorted);
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::vector<Measurement> measure(const std::vector<Contestant>& contestants, int rounds) {
  std::vector<Measurement> results;
  for (const Contestant& contestant : contestants) {
    run_once(contestant);
    results.push_back({contestant.name, {}, 0});
  }
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t index = 0; index < contestants.size(); ++index) {
      const Run run = run_once(contestants[index]);
      results[index].seconds.push_back(run.seconds);
      results[index].peak_kib = std::max(results[index].peak_kib, run.peak_kib);
    }
  }
  return results;
}

}  // namespace syncmanager::test
