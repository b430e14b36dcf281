#include "bench/result.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace syncmanager::test {

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double ratio(const Table& table, const Row& row) {
  const Row& ours = table.rows.front();
  return ours.failed() || row.failed() ? 0 : median(row.seconds) / median(ours.seconds);
}

bool is_met(const Goal& goal, const Table& table, const Row& row) {
  if (row.failed() || table.rows.front().failed()) return false;
  switch (goal.of) {
    case Goal::Of::ratio: return ratio(table, row) >= goal.value;
    case Goal::Of::seconds: return median(row.seconds) <= goal.value;
    case Goal::Of::mebibytes: return static_cast<double>(row.peak_kib) / 1024 <= goal.value;
  }
  return false;
}

std::string text_of(const Goal& goal) {
  switch (goal.of) {
    case Goal::Of::ratio: return fmt::format("≥ {:.2g} ×", goal.value);
    case Goal::Of::seconds: return fmt::format("≤ {:.2g} s", goal.value);
    case Goal::Of::mebibytes: return fmt::format("≤ {:.0f} MiB", goal.value);
  }
  return "";
}

}  // namespace syncmanager::test
