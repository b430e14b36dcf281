// Progress on a terminal, on stderr: one line for each project that takes longer than a second, redrawn in place.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "model/progress.hpp"

namespace syncmanager::ui {

/// Prints nothing but notes, and those only where `verbose`; for logs, pipes, --quiet and --no-progress.
class PlainProgress : public Progress {
 public:
  explicit PlainProgress(bool verbose) : verbose_(verbose) {}
  void started(const std::string& project) noexcept override;
  void transferred(const std::string& project, const Transfer& transfer) noexcept override;
  void finished(const ProjectOutcome& project) noexcept override;
  void note(const std::string& line) noexcept override;

 private:
  bool verbose_;
  std::mutex mutex_;
};

/// The helper below builds one line; pure.
/// `  notes  receiving 1,204 of 5,310 objects  3.1 MiB  1.2 MiB/s`
std::string progress_line(const std::string& project, const Transfer& transfer, std::chrono::duration<double> elapsed);

}  // namespace syncmanager::ui
