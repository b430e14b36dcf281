// How a run is shown while it goes on and when it is over, as the options and the terminal ask for.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "command_line.hpp"
#include "model/outcome.hpp"
#include "model/progress.hpp"
#include "ui/style.hpp"

namespace syncmanager::tools {

/// Made when a tool begins; knows what the library does not know of its run.
class Run {
 public:
  explicit Run(std::string tool) : tool_(std::move(tool)) {}

  [[nodiscard]] const std::string& tool() const { return tool_; }
  /// The report with the tool's name, its times, and these errors.
  [[nodiscard]] RunReport completed(RunReport report, std::vector<ConfigError> errors) const;

 private:
  std::string tool_;
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Lines on the terminal behind stderr where one can show them and the options allow it, else only notes for -v.
std::unique_ptr<Progress> progress_for(const Options& options, const Environment& environment);

ui::TextStyle text_style(const Options& options, const Environment& environment);

/// ui::text_report, or another one of its kind.
using TextReport = std::string (*)(const RunReport& report, const ui::TextStyle& style);

/// Prints the report as text or JSON, and returns the tool's exit code.
int print_report(const RunReport& report, TextReport text, const Options& options, const Environment& environment);

}  // namespace syncmanager::tools
