// What was measured, and what follows from it: medians, ratios, whether a goal is met. Values and pure functions; who
// runs the programs is measure.hpp, who writes the figures down is output.hpp and picture.hpp.
#pragma once

#include <string>
#include <vector>

namespace syncmanager::test {

/// A ratio is to be at least this, everything else at most.
struct Goal {
  enum class Of { ratio, seconds, mebibytes };
  Of of = Of::ratio;
  double value = 0;
};

/// One contestant's figures.
struct Row {
  std::string name;
  std::vector<double> seconds = {};  ///< of each round, already times `scale`
  double scale = 1;                  ///< above 1: measured on the part of the work that is one `scale`th of it
  long peak_kib = 0;                 ///< the largest resident size of the program or one of its children
  std::string error = {};            ///< why it has no figures, or too few of them
  std::vector<Goal> goals = {};

  [[nodiscard]] bool failed() const { return !error.empty() || seconds.empty(); }
};

/// Contestants that did the same work, in turn. The first of them is ours, which the ratios are about.
struct Table {
  std::string key;    ///< for programs: nothing-to-do/0ms
  std::string title;  ///< for people
  std::vector<Row> rows;
  bool in_picture = false;
};

/// Of at least one value; of an even count, the middle of the two in the middle.
double median(std::vector<double> values);

/// How many times as long as the table's first row this one took; 0 where one of them has failed.
double ratio(const Table& table, const Row& row);

/// Whether this row of the table meets a goal of its own; a failed one never does.
bool is_met(const Goal& goal, const Table& table, const Row& row);

/// "≥ 3 ×", "≤ 0.25 s", "≤ 60 MiB".
std::string text_of(const Goal& goal);

}  // namespace syncmanager::test
