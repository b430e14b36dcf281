// A long run of random steps with the real tools, by hand: `campaign --steps 10000`. A failure prints its seed and the
// shortest list of steps that was found for it.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "steps.hpp"
#include "world.hpp"

namespace {

using namespace syncmanager::campaign;

struct Failure {
  std::size_t step = 0;
  std::string what;
};

std::optional<Failure> play(const std::vector<Step>& steps, bool verbose) {
  World world;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (verbose) fmt::print("{} {}\n", i, to_string(steps[i]));
    try {
      world.make(steps[i]);
    } catch (const std::exception& error) {
      return Failure{i, error.what()};
    }
  }
  return std::nullopt;
}

/// Leaves out ever smaller pieces, as long as it still fails.
std::vector<Step> shorter(std::vector<Step> steps, Failure& failure) {
  for (std::size_t piece = steps.size() / 2; piece > 0; piece /= 2) {
    for (std::size_t from = 0; from + piece <= steps.size();) {
      std::vector<Step> fewer(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(from));
      fewer.insert(fewer.end(), steps.begin() + static_cast<std::ptrdiff_t>(from + piece), steps.end());
      const auto found = play(fewer, false);
      if (!found) {
        from += piece;
        continue;
      }
      failure = *found;
      fewer.resize(failure.step + 1);
      steps = std::move(fewer);
    }
    fmt::print("{} steps still fail\n", steps.size());
    std::fflush(stdout);
  }
  return steps;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  std::size_t runs = 1;
  std::size_t count = 500;
  bool verbose = false;
  bool shrink = false;
  CLI::App app("Random steps of users and tools; after each of them nothing may be lost.");
  app.add_option("--seed", seed, "of the first run; the next one has the next number");
  app.add_option("--runs", runs, "how many, each with a new world");
  app.add_option("--steps", count, "of each run");
  app.add_flag("--shrink", shrink, "look for a shorter list of steps that fails as well");
  app.add_flag("-v", verbose, "print each step");
  CLI11_PARSE(app, argc, argv);
  for (std::size_t run = 0; run < runs; ++run, ++seed) {
    std::vector<Step> steps = random_steps(seed, count);
    auto failure = play(steps, verbose);
    fmt::print(
        "seed {}: {}\n", seed,
        failure ? fmt::format("step {} failed: {}", failure->step, failure->what) : fmt::format("{} steps", count));
    std::fflush(stdout);
    if (!failure) continue;
    steps.resize(failure->step + 1);
    if (shrink) {
      steps = shorter(steps, *failure);
      for (const Step& step : steps) fmt::print("  {}\n", to_string(step));
      fmt::print("{}\n", failure->what);
    }
    return 1;
  }
  return 0;
}
