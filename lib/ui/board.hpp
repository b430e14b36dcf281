// What is going on at the moment, as lines of text: one for each transfer, one for what else is worked on, and one
// for what waits.
// Plain state without time, threads or a terminal of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/progress.hpp"

namespace syncmanager::ui {

/// `notes  receiving 1,204 of 5,310 objects  3.1 MiB  1.2 MiB/s` or, when all have come, `notes  resolving deltas 45%`;
/// the name escaped and filled up to `name_width`.
std::string progress_line(const std::string& project, const Transfer& transfer, std::chrono::duration<double> elapsed,
                          std::size_t name_width = 0);

class Board {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void queue(const std::string& project);
  void start(const std::string& project);
  void transfer(const std::string& project, const Transfer& transfer, Time now);
  void finish(const std::string& project);

  /// At most `most` lines, which is 1 or more; none while nothing is under way.
  [[nodiscard]] std::vector<std::string> lines(Time now, std::size_t most) const;

 private:
  struct Work {
    bool started = false;
    std::optional<Transfer> transfer;
    Time since;  ///< when this transfer began
  };

  [[nodiscard]] std::vector<std::string> transfer_lines(Time now) const;
  /// Empty where there is none.
  [[nodiscard]] std::string names_line(std::string_view what, bool started) const;

  std::map<std::string, Work> works_;
  std::size_t done_ = 0;
};

}  // namespace syncmanager::ui
